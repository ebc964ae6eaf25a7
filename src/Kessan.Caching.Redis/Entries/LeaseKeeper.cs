using System.Globalization;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis.Entries;

/// <summary>Leases: a key beside the entry's, in its slot, that holds the nonce and runs out by itself.</summary>
internal sealed class LeaseKeeper(RedisConnection connection, ScriptRunner runner, EntryReader reader, ClockReader clocks)
{
    public async ValueTask<LeaseResult> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start(
            "EVALSHA", link, link.ShardOf(link.Names.Entry(request.Key)), StoreScripts.AcquireLease.Name);
        try
        {
            return await AcquireAsync(link, request).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "acquire lease");
        }
    }

    public async ValueTask<LeaseResult[]> AcquireAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        if (requests.Count == 0) return [];
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("EVALSHA", link, null, StoreScripts.AcquireLease.Name, requests.Count);
        try
        {
            return await Task.WhenAll(requests.Select(request => AcquireAsync(link, request)))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "acquire leases");
        }
    }

    public async ValueTask<bool> RenewAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var name = link.Names.Entry(key);
        using var activity = RedisTelemetry.Start("EVALSHA", link, link.ShardOf(name), StoreScripts.RenewLease.Name);
        try
        {
            var result = await ScriptRunner.RunAsync(
                link, StoreScripts.RenewLease, [link.Names.Lease(name)], [nonce, Milliseconds(duration)])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return (long)result == 1;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "renew lease");
        }
    }

    public async ValueTask ReleaseAsync(string key, string nonce, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var name = link.Names.Entry(key);
        var shard = link.ShardOf(name);
        using var activity = RedisTelemetry.Start("EVALSHA", link, shard, StoreScripts.ReleaseLease.Name);
        try
        {
            await runner.PublishAsync(link, shard, StoreScripts.ReleaseLease, [link.Names.Lease(name)], [default, default, key, nonce])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "release lease");
        }
    }

    private async Task<LeaseResult> AcquireAsync(RedisLink link, LeaseRequest request)
    {
        var name = link.Names.Entry(request.Key);
        var shard = link.ShardOf(name);
        if (!shard.Clock.IsKnown) await clocks.MeasureAsync(shard).ConfigureAwait(false);
        var result = await ScriptRunner.RunAsync(
            link,
            StoreScripts.AcquireLease,
            [name, link.Names.Lease(name)],
            [request.Nonce, Milliseconds(request.Duration), request.UnwantedVersion])
            .ConfigureAwait(false);
        return (long)result[0] switch
        {
            0 => new LeaseResult(LeaseOutcome.Granted, request.Duration, (long)result[1], default),
            1 => new LeaseResult(LeaseOutcome.Held, TimeSpan.FromMilliseconds(Math.Max(1, (long)result[1])), 0, default),
            _ => new LeaseResult(
                LeaseOutcome.Value, default, 0, reader.Read((StackExchange.Redis.RedisValue)result[1], (long)result[2], shard)),
        };
    }

    private static string Milliseconds(TimeSpan time)
        => Math.Max(1, (long)Math.Ceiling(time.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
}
