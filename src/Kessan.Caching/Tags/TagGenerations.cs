using Kessan.Caching.Storage;

namespace Kessan.Caching.Tags;

/// <summary>The tags' generations in the store: remembered while the backplane can be trusted, read anew when not.</summary>
internal sealed class TagGenerations(CacheNode node)
{
    /// <summary>
    /// The generations that belong to stamps, for an entry that is to be written; <see langword="null"/> if a tag changed meanwhile or the
    /// store does not answer.
    /// </summary>
    public async ValueTask<TagGeneration[]?> ForAsync(TagStamp[] stamps)
    {
        var epoch = node.Trust.Epoch;
        var generations = new TagGeneration[stamps.Length];
        List<int>? unknown = null;
        for (var i = 0; i < stamps.Length; i++)
        {
            if (!node.Trust.IsTrusted || !stamps[i].State.TryGetGeneration(epoch, out var generation, out var changes))
            {
                (unknown ??= []).Add(i);
                continue;
            }

            if (changes != stamps[i].Changes) return null;
            generations[i] = new TagGeneration(stamps[i].State.Tag, generation);
        }

        if (unknown is null) return generations;
        var read = await node.Store!.GetTagGenerationsAsync([.. unknown.Select(i => stamps[i].State.Tag)]).ConfigureAwait(false);
        if (read is null) return null;
        for (var j = 0; j < unknown.Count; j++)
        {
            var stamp = stamps[unknown[j]];
            stamp.State.Learn(read[j], stamp.Changes, epoch);
            generations[unknown[j]] = new TagGeneration(stamp.State.Tag, read[j]);
        }

        return generations;
    }

    /// <summary>
    /// The generations as they were last known, for a write that the store cannot take now: if one has changed by the time it can, the
    /// entry is not served. <see langword="null"/>: one was never known.
    /// </summary>
    public static TagGeneration[]? LastKnown(TagStamp[] stamps)
    {
        var generations = new TagGeneration[stamps.Length];
        for (var i = 0; i < stamps.Length; i++)
        {
            var generation = stamps[i].State.LastKnownGeneration;
            if (generation == 0) return null;
            generations[i] = new TagGeneration(stamps[i].State.Tag, generation);
        }

        return generations;
    }

    /// <summary>Learns the generations of many tags in one round trip, where they are not known.</summary>
    public async ValueTask PrefetchAsync(IEnumerable<string> tags)
    {
        var epoch = node.Trust.Epoch;
        var unknown = node.Tags.Stamp([.. tags.Distinct(StringComparer.Ordinal)])
            .Where(stamp => !stamp.State.TryGetGeneration(epoch, out _, out _))
            .ToArray();
        if (unknown.Length == 0) return;
        var read = await node.Store!.GetTagGenerationsAsync([.. unknown.Select(stamp => stamp.State.Tag)]).ConfigureAwait(false);
        for (var i = 0; read is not null && i < read.Length; i++) unknown[i].State.Learn(read[i], unknown[i].Changes, epoch);
    }

    /// <summary>
    /// Whether an entry of the store is valid under its tags' current generations. A generation that we know and that differs is
    /// asked for again: the entry may be newer than the last message.
    /// </summary>
    /// <param name="reading">The entry.</param>
    /// <param name="anew">
    /// The caller wants what the store itself has: another node may have told it of an invalidation that this one has not heard of yet.
    /// </param>
    /// <returns>The stamps to keep the entry under; <see langword="null"/>: it is not valid, or that could not be found out.</returns>
    public async ValueTask<TagStamp[]?> CheckAsync(StoreReading reading, bool anew = false)
    {
        var tags = reading.Entry!.Tags;
        if (tags.Count == 0) return [];
        var epoch = node.Trust.Epoch;
        var trusted = node.Trust.IsTrusted && !anew;
        var stamps = new TagStamp[tags.Count];
        List<int>? doubtful = null;
        for (var i = 0; i < stamps.Length; i++)
        {
            var state = node.Tags.Get(tags[i].Tag);
            var known = state.TryGetGeneration(epoch, out var generation, out var changes);
            stamps[i] = new TagStamp(state, changes);
            if (known && generation == tags[i].Generation && (trusted || reading.TagsVerified)) continue;
            if (!known && reading.TagsVerified)
            {
                state.Learn(tags[i].Generation, changes, epoch);
                continue;
            }

            (doubtful ??= []).Add(i);
        }

        if (doubtful is null) return stamps;
        var read = await node.Store!.GetTagGenerationsAsync([.. doubtful.Select(i => tags[i].Tag)]).ConfigureAwait(false);
        if (read is null) return null;
        for (var j = 0; j < doubtful.Count; j++)
        {
            var i = doubtful[j];
            stamps[i].State.Learn(read[j], stamps[i].Changes, epoch);
            if (read[j] != tags[i].Generation) return null;
        }

        return stamps;
    }
}
