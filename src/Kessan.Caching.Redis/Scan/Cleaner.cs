using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Entries;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Scan;

/// <summary>Removes what has no end of life although it is ours, and what indexes point at nothing. Looks at a bounded number of keys.</summary>
internal sealed class Cleaner(RedisConnection connection, EntryWriter writer, RedisStoreOptions options)
{
    private const int MembersPerStep = 500;

    public async Task<CleanupReport> RunAsync(int limit, CancellationToken cancellationToken)
    {
        var link = await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("SCAN", link, null);
        try
        {
            var report = new CleanupReport(0, 0, 0, 0, Complete: true);
            foreach (var shard in link.Primaries)
            {
                var position = 0UL;
                do
                {
                    if (report.Scanned >= limit) return report with { Complete = false };
                    (var names, position) = await KeyScanner
                        .StepAsync(link, shard, position, GlobPattern.ToRedis("*", link.Names.Prefix), options.ScanPageSize)
                        .WaitAsync(cancellationToken).ConfigureAwait(false);
                    report = await CleanAsync(link, names, report with { Scanned = report.Scanned + names.Length }, cancellationToken)
                        .ConfigureAwait(false);
                }
                while (position != 0);
            }

            return report;
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "clean up");
        }
    }

    private async Task<CleanupReport> CleanAsync(RedisLink link, string[] names, CleanupReport report, CancellationToken cancellationToken)
    {
        var lifetimes = await Task.WhenAll(names.Select(name => link.Database.KeyTimeToLiveAsync(name, RedisLink.Primary)))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            if (link.Names.IsIndex(name))
            {
                var gone = await CleanIndexAsync(link, name).WaitAsync(cancellationToken).ConfigureAwait(false);
                report = report with { IndexMembers = report.IndexMembers + gone };
            }
            else if (lifetimes[i] is null && link.Names.IsLease(name))
            {
                // A lease may have been taken since.
                if ((long)await ScriptRunner.RunAsync(link, EndlessKeyScripts.Remove, [name], []).ConfigureAwait(false) == 1)
                    report = report with { Leases = report.Leases + 1 };
            }
            else if (lifetimes[i] is null && link.Names.IsTag(name) && name != link.Names.Tag(TagTable.Wildcard))
            {
                await ScriptRunner.RunAsync(link, EndlessKeyScripts.End, [name], [(long)options.TagLifetime.TotalMilliseconds]).ConfigureAwait(false);
            }
            else if (lifetimes[i] is null && link.Names.KeyOf(name) is { } key && await IsOursAsync(link, name).ConfigureAwait(false))
            {
                var removal = await writer.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
                if (removal.Existed) report = report with { Entries = report.Entries + 1 };
            }
        }

        return report;
    }

    /// <summary>The value has our envelope and still no end of life (the list may be old).</summary>
    private static async Task<bool> IsOursAsync(RedisLink link, string name)
    {
        try
        {
            var start = link.Database.StringGetRangeAsync(name, 0, 63, RedisLink.Primary);
            var lifetime = await link.Database.KeyTimeToLiveAsync(name, RedisLink.Primary).ConfigureAwait(false);
            ReadOnlyMemory<byte> bytes = await start.ConfigureAwait(false);
            return lifetime is null && StoredEntryFormat.TryReadVersion(bytes.Span, out _);
        }
        catch (RedisServerException failure) when (RedisFailures.IsWrongType(failure))
        {
            return false;
        }
    }

    private static async Task<long> CleanIndexAsync(RedisLink link, string index)
    {
        var gone = 0L;
        for (var start = 0L; ; start += MembersPerStep)
        {
            var members = await link.Database
                .SortedSetRangeByRankAsync(index, start, start + MembersPerStep - 1, flags: RedisLink.Primary).ConfigureAwait(false);
            var exist = await Task.WhenAll(members.Select(member => link.Database.KeyExistsAsync((string)member!, RedisLink.Primary)))
                .ConfigureAwait(false);
            var dead = members.Where((_, i) => !exist[i]).ToArray();
            if (dead.Length > 0)
            {
                gone += await link.Database.SortedSetRemoveAsync(index, dead, RedisLink.Primary).ConfigureAwait(false);
                start -= dead.Length;
            }

            if (members.Length < MembersPerStep) return gone;
        }
    }
}
