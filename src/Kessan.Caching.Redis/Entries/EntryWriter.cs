using System.Globalization;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Redis.Tags;
using Kessan.Caching.Storage;
using Kessan.Caching.Timing;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Entries;

/// <summary>Writes, removes and touches entries, each by one script.</summary>
internal sealed class EntryWriter(RedisConnection connection, ScriptRunner runner, TagIndex index, RedisStoreOptions options)
{
    private const int FirstUnversionedByte = StoredEntryFormat.VersionOffset + StoredEntryFormat.VersionLength;

    public async ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var name = link.Names.Entry(write.Key);
        using var activity = RedisTelemetry.Start("EVALSHA", link, link.ShardOf(name), StoreScripts.Set.Name);
        try
        {
            var indexed = index.AddAsync(link, name, write.Entry, TimeToLive(write.Entry));
            Unobserved.Ignore(indexed); // the write itself may fail first
            if (link.Topology is { IsCluster: true }) await indexed.WaitAsync(cancellationToken).ConfigureAwait(false);
            var result = await SetAsync(link, name, write).WaitAsync(cancellationToken).ConfigureAwait(false);
            await indexed.WaitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "set");
        }
    }

    public async ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0) return [];
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("EVALSHA", link, null, StoreScripts.Set.Name, writes.Count);
        try
        {
            var indexed = Task.WhenAll(
                writes.Select(write => index.AddAsync(link, link.Names.Entry(write.Key), write.Entry, TimeToLive(write.Entry))));
            Unobserved.Ignore(indexed);
            if (link.Topology is { IsCluster: true }) await indexed.WaitAsync(cancellationToken).ConfigureAwait(false);
            var results = await Task.WhenAll(writes.Select(write => SetAsync(link, link.Names.Entry(write.Key), write)))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            await indexed.WaitAsync(cancellationToken).ConfigureAwait(false);
            return results;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "set many");
        }
    }

    public async ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("EVALSHA", link, link.ShardOf(link.Names.Entry(key)), StoreScripts.Remove.Name);
        try
        {
            return await RemoveAsync(link, key).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "remove");
        }
    }

    public async ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("EVALSHA", link, null, StoreScripts.Remove.Name, keys.Count);
        try
        {
            return await Task.WhenAll(keys.Select(key => RemoveAsync(link, key))).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "remove many");
        }
    }

    public async ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var name = link.Names.Entry(key);
        using var activity = RedisTelemetry.Start("EVALSHA", link, link.ShardOf(name), StoreScripts.Touch.Name);
        try
        {
            RedisValue[] arguments = [default, default, key, Milliseconds(lifetime), options.KeepStaleInL2 ? 1 : 0];
            var result = await runner.PublishAsync(link, link.ShardOf(name), StoreScripts.Touch, [name], arguments)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return (long)result[0] == 1;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "touch");
        }
    }

    private async Task<StoreWriteResult> SetAsync(RedisLink link, string name, StoreWrite write)
    {
        var entry = StoredEntryFormat.Encode(write.Entry);
        var (kind, argument) = Condition(write.Condition);
        RedisValue[] arguments =
        [
            default, default, write.Key, entry.AsMemory(FirstUnversionedByte), Milliseconds(TimeToLive(write.Entry)), kind, argument,
        ];
        var result = await runner.PublishAsync(link, link.ShardOf(name), StoreScripts.Set, [name, link.Names.Lease(name)], arguments)
            .ConfigureAwait(false);
        return new StoreWriteResult((long)result[0] == 1, (long)result[1]);
    }

    private async Task<StoreRemoval> RemoveAsync(RedisLink link, string key)
    {
        var name = link.Names.Entry(key);
        var result = await runner.PublishAsync(
            link, link.ShardOf(name), StoreScripts.Remove, [name, link.Names.Lease(name)], [default, default, key]).ConfigureAwait(false);
        return new StoreRemoval((long)result[0] == 1, (long)result[1]);
    }

    /// <summary>What is left of the documented lifetime; at least a moment, because nothing is stored without an end.</summary>
    private TimeSpan TimeToLive(StoredEntry entry)
    {
        var left = options.KeepStaleInL2 ? entry.StaleLeft : entry.FreshLeft;
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }

    private static (RedisValue Kind, RedisValue Argument) Condition(WriteCondition condition) => condition.Kind switch
    {
        WriteConditionKind.IfAbsent => ("1", ""),
        WriteConditionKind.IfVersion => ("2", condition.Version.ToString("D16", CultureInfo.InvariantCulture)),
        WriteConditionKind.IfLeaseHeld => ("3", condition.Nonce ?? ""),
        _ => ("0", ""),
    };

    private static string Milliseconds(TimeSpan time) => ((long)Math.Ceiling(time.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
}
