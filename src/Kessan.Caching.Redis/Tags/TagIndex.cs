using System.Buffers.Binary;
using System.Globalization;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Tags;

/// <summary>
/// Which entries carry a countable tag: a sorted set by expiry. It serves the count and the memory; what may be served is the
/// generation's business.
/// </summary>
internal sealed class TagIndex(RedisStoreOptions options)
{
    public bool IsCountable(string tag)
    {
        foreach (var prefix in options.CountableTagPrefixes)
        {
            if (tag.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Adds an entry to the indexes of its countable tags.</summary>
    public Task AddAsync(RedisLink link, string name, StoredEntry entry, TimeSpan timeToLive)
    {
        Task? added = null;
        for (var i = 0; i < entry.Tags.Count; i++)
        {
            if (!IsCountable(entry.Tags[i].Tag)) continue;
            Task task = AddAsync(link, entry.Tags[i].Tag, name, timeToLive);
            added = added is null ? task : Task.WhenAll(added, task);
        }

        return added ?? Task.CompletedTask;
    }

    /// <summary>Removes the entries that carry the tag with an older generation.</summary>
    /// <returns>How many of them were still fresh.</returns>
    public static async Task<long> RemoveAsync(RedisLink link, string tag, long generation)
    {
        var members = (RedisValue[]?)await ScriptRunner.RunAsync(link, StoreScripts.TakeIndex, [link.Names.Index(tag)], [])
            .ConfigureAwait(false);
        if (members is null or []) return 0;

        var generationBytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(generationBytes, generation);
        var removals = await Task.WhenAll(members.Select(member => RemoveAsync(link, tag, generationBytes, member!))).ConfigureAwait(false);
        return removals.Sum();
    }

    private static async Task<long> RemoveAsync(RedisLink link, string tag, byte[] generation, string name)
    {
        var result = await ScriptRunner.RunAsync(link, StoreScripts.RemoveTagged, [name], [tag, generation]).ConfigureAwait(false);
        var outcome = (long)result[0];
        if (outcome != 2) return outcome;

        // It was written under the new generation in the meantime, so it belongs into the index that we took away.
        await AddAsync(link, tag, name, TimeSpan.FromMilliseconds(Math.Max(1, (long)result[1]))).ConfigureAwait(false);
        return 0;
    }

    private static Task<RedisResult> AddAsync(RedisLink link, string tag, string name, TimeSpan timeToLive)
        => ScriptRunner.RunAsync(
            link,
            StoreScripts.AddToIndex,
            [link.Names.Index(tag)],
            [name, ((long)Math.Ceiling(timeToLive.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture)]);
}
