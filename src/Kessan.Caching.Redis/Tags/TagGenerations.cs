using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Tags;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Tags;

/// <summary>The generations of tags: random numbers, so that a lost one is never made again and only causes misses.</summary>
/// <remarks>
/// That of all entries (<c>*</c>) lives for ever: without it each of them is a miss, and a session over, so a server that evicts what has an end of
/// life (<c>volatile-*</c>) must not find it there.
/// </remarks>
internal sealed class TagGenerations(
    RedisConnection connection, ScriptRunner runner, TagIndex index, RedisStoreOptions options, TimeProvider time)
{
    private const int RememberedTags = 100_000;
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromDays(1);

    // When this node last gave a tag its whole life again: once a day is enough for a life of 45.
    private readonly ConcurrentDictionary<string, long> _refreshed = [];
    private readonly string _seconds = ((long)options.TagLifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public async ValueTask<long[]> GetAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (tags.Count == 0) return [];
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("GET", link, null, batch: tags.Count);
        try
        {
            return await Task.WhenAll(tags.Select(tag => GetAsync(link, tag))).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "get tag generations");
        }
    }

    /// <summary>What was read as a tag's generation, which lives on by that; <see langword="false"/>: there is none, or it is none.</summary>
    public bool TryRead(RedisLink link, string tag, in RedisValue value, out long generation)
    {
        if (!TryParse(value, out generation)) return false;
        Refresh(link, tag);
        return true;
    }

    public async ValueTask<long> RemoveAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (tags.Count == 0) return 0;
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        using var activity = RedisTelemetry.Start("EVALSHA", link, null, StoreScripts.RemoveTag.Name, tags.Count);
        try
        {
            var removed = await Task.WhenAll(tags.Select(tag => RemoveAsync(link, tag))).WaitAsync(cancellationToken).ConfigureAwait(false);
            return removed.Sum();
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, "remove tags");
        }
    }

    private async Task<long> RemoveAsync(RedisLink link, string tag)
    {
        var name = link.Names.Tag(tag);
        var generation = NewGeneration();
        await runner.PublishAsync(
            link, link.ShardOf(name), StoreScripts.RemoveTag, [name], [default, default, tag, generation, SecondsOf(tag)]).ConfigureAwait(false);
        return index.IsCountable(tag) ? await TagIndex.RemoveAsync(link, tag, generation).ConfigureAwait(false) : 0;
    }

    private async Task<long> GetAsync(RedisLink link, string tag)
    {
        var name = link.Names.Tag(tag);
        _ = link.ShardOf(name); // throws when it is away
        var value = await link.Database.StringGetAsync(name, RedisLink.Primary).ConfigureAwait(false);
        if (TryRead(link, tag, value, out var generation)) return generation;
        if (value.IsNull)
        {
            var made = await ScriptRunner.RunAsync(link, StoreScripts.ReadTag, [name], [NewGeneration(), SecondsOf(tag)]).ConfigureAwait(false);
            if (TryParse((RedisValue)made, out generation)) return generation;
        }

        // Somebody wrote nonsense there; a new number is as good as an invalidation.
        await RemoveAsync(link, tag).ConfigureAwait(false);
        return (long)await link.Database.StringGetAsync(name, RedisLink.Primary).ConfigureAwait(false);
    }

    private string SecondsOf(string tag) => tag == TagTable.Wildcard ? "0" : _seconds;

    private static bool TryParse(in RedisValue value, out long generation) => value.TryParse(out generation) && generation != 0;

    private void Refresh(RedisLink link, string tag)
    {
        var now = time.GetTimestamp();
        if (_refreshed.TryGetValue(tag, out var last) && time.GetElapsedTime(last, now) < RefreshInterval) return;
        if (_refreshed.Count >= RememberedTags) _refreshed.Clear();
        _refreshed[tag] = now;
        const CommandFlags Flags = RedisLink.Primary | CommandFlags.FireAndForget;
        if (tag == TagTable.Wildcard) link.Database.KeyPersist(link.Names.Tag(tag), Flags);
        else link.Database.KeyExpire(link.Names.Tag(tag), options.TagLifetime, Flags);
    }

    private static long NewGeneration()
    {
        Span<byte> bytes = stackalloc byte[8];
        long generation;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            generation = BitConverter.ToInt64(bytes);
        }
        while (generation == 0);
        return generation;
    }
}
