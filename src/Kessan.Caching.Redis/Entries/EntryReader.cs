using System.Globalization;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Entries;

/// <summary>Reads entries: one GET each, MGET for many on one server, one script for a sliding read.</summary>
internal sealed class EntryReader(RedisConnection connection, ClockReader clocks, RedisStoreOptions options)
{
    private const int LargestBatch = 512;

    public async ValueTask<StoreReading> GetAsync(string key, StoreReadOptions read, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var name = link.Names.Entry(key);
        var shard = link.ShardOf(name);
        using var activity = read.Slide is null
            ? RedisTelemetry.Start("GET", link, shard)
            : RedisTelemetry.Start("EVALSHA", link, shard, StoreScripts.Slide.Name);
        try
        {
            await KnowClockAsync(shard, cancellationToken).ConfigureAwait(false);
            if (read.Slide is { } slide)
                return await SlideAsync(link, shard, name, slide, read.SlideLimit).WaitAsync(cancellationToken).ConfigureAwait(false);

            var task = link.Database.StringGetAsync(name, RedisLink.Primary);
            var value = cancellationToken.CanBeCanceled
                ? await task.WaitAsync(cancellationToken).ConfigureAwait(false)
                : await task.ConfigureAwait(false);
            return await ReadAsync(link, shard, name, value, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException failure) when (RedisFailures.IsWrongType(failure))
        {
            return default; // a list, a hash…: another program's, and no value
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "get");
        }
    }

    public async ValueTask<StoreReading[]> GetManyAsync(
        IReadOnlyList<string> keys, StoreReadOptions read, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start(read.Slide is null ? "MGET" : "EVALSHA", link, null, batch: keys.Count);
        try
        {
            return await (read.Slide is { } slide ? SlideManyAsync(link, keys, slide, read.SlideLimit) : GetManyAsync(link, keys))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "get many");
        }
    }

    /// <summary>Before a read: an entry's age follows from its server's clock.</summary>
    public ValueTask KnowClockAsync(RedisShard shard, CancellationToken cancellationToken)
        => shard.Clock.IsKnown ? default : new(clocks.MeasureAsync(shard).WaitAsync(cancellationToken));

    /// <summary>What was read under a name; for another program's value its time to live is asked for.</summary>
    public ValueTask<StoreReading> ReadAsync(RedisLink link, RedisShard shard, string name, in RedisValue value, CancellationToken cancellationToken)
    {
        if (value.IsNull) return default;
        if (TryDecode(value, shard, out var entry)) return new(new StoreReading(entry));
        return new(ReadForeignAsync(link, name, value).WaitAsync(cancellationToken));
    }

    /// <summary>What a lease script answered as the value.</summary>
    public StoreReading Read(in RedisValue value, long millisecondsLeft, RedisShard shard)
        => TryDecode(value, shard, out var entry) ? new StoreReading(entry) : Foreign(value, millisecondsLeft);

    private async Task<StoreReading[]> GetManyAsync(RedisLink link, IReadOnlyList<string> keys)
    {
        var names = new RedisKey[keys.Count];
        var shards = new RedisShard[keys.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var name = link.Names.Entry(keys[i]);
            shards[i] = link.ShardOf(name);
            names[i] = name;
        }

        foreach (var shard in link.Primaries)
        {
            if (!shard.Clock.IsKnown && Array.IndexOf(shards, shard) >= 0) await clocks.MeasureAsync(shard).ConfigureAwait(false);
        }

        var values = await ReadValuesAsync(link, names).ConfigureAwait(false);
        var readings = new StoreReading[names.Length];
        List<(int Index, Task<StoreReading> Task)>? foreign = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].IsNull) continue;
            if (TryDecode(values[i], shards[i], out var entry)) readings[i] = new StoreReading(entry);
            else (foreign ??= []).Add((i, ReadForeignAsync(link, names[i], values[i])));
        }

        if (foreign is null) return readings;
        foreach (var (index, task) in foreign) readings[index] = await task.ConfigureAwait(false);
        return readings;
    }

    /// <summary>MGET where the keys may stand in one command, that is on one server or in one slot; all commands go out at once.</summary>
    private static async Task<RedisValue[]> ReadValuesAsync(RedisLink link, RedisKey[] names)
    {
        var database = link.Database;
        if (link.Topology is not { IsCluster: true })
        {
            if (names.Length <= LargestBatch) return await database.StringGetAsync(names, RedisLink.Primary).ConfigureAwait(false);
            var parts = await Task.WhenAll(names.Chunk(LargestBatch).Select(part => database.StringGetAsync(part, RedisLink.Primary)))
                .ConfigureAwait(false);
            return [.. parts.SelectMany(part => part)];
        }

        var values = new RedisValue[names.Length];
        var slots = Enumerable.Range(0, names.Length).GroupBy(i => Keys.HashSlot.Of(names[i]!));
        await Task.WhenAll(slots.Select(async slot =>
        {
            var indexes = slot.ToArray();
            var part = await database.StringGetAsync(Array.ConvertAll(indexes, i => names[i]), RedisLink.Primary).ConfigureAwait(false);
            for (var i = 0; i < part.Length; i++) values[indexes[i]] = part[i];
        })).ConfigureAwait(false);
        return values;
    }

    private async Task<StoreReading[]> SlideManyAsync(RedisLink link, IReadOnlyList<string> keys, TimeSpan slide, TimeSpan? limit)
        => await Task.WhenAll(keys.Select(async key =>
        {
            var name = link.Names.Entry(key);
            var shard = link.ShardOf(name);
            if (!shard.Clock.IsKnown) await clocks.MeasureAsync(shard).ConfigureAwait(false);
            return await SlideAsync(link, shard, name, slide, limit).ConfigureAwait(false);
        })).ConfigureAwait(false);

    private async Task<StoreReading> SlideAsync(RedisLink link, RedisShard shard, string name, TimeSpan slide, TimeSpan? limit)
    {
        var result = await ScriptRunner.RunAsync(
            link,
            StoreScripts.Slide,
            [name],
            [
                Milliseconds(slide),
                limit is { } longest ? Milliseconds(longest) : -1,
                options.KeepStaleInL2 ? 1 : 0,
            ]).ConfigureAwait(false);
        return result.IsNull || result.Length < 2 ? default : Read((RedisValue)result[0], (long)result[1], shard);
    }

    /// <summary>The age follows from the version, which is the server's time at the writing.</summary>
    private static bool TryDecode(in RedisValue value, RedisShard shard, out StoredEntry? entry)
    {
        ReadOnlyMemory<byte> bytes = value;
        entry = null;
        if (!StoredEntryFormat.TryReadVersion(bytes.Span, out var version)) return false;
        var since = TimeSpan.FromMicroseconds(Math.Max(0, shard.Clock.Now - version));
        return StoredEntryFormat.TryDecode(bytes, since, out entry);
    }

    private async Task<StoreReading> ReadForeignAsync(RedisLink link, RedisKey name, RedisValue value)
    {
        var left = await link.Database.ExecuteAsync("PTTL", [name], RedisLink.Primary).ConfigureAwait(false);
        return Foreign(value, (long)left);
    }

    private StoreReading Foreign(in RedisValue value, long millisecondsLeft)
    {
        if (millisecondsLeft is -2 or 0) return default; // it has just expired
        return new StoreReading(new StoredEntry
        {
            Payload = value,
            Lifetime = millisecondsLeft < 0 ? options.ForeignLifetime : TimeSpan.FromMilliseconds(millisecondsLeft),
            Traits = StoredEntryTraits.Foreign,
        });
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
