using Kessan.Caching.Storage;

namespace Kessan.Caching.Tags;

/// <summary>The tags' generations in the store: remembered while the backplane can be trusted, read anew when not.</summary>
internal sealed class TagGenerations(CacheNode node)
{
    /// <summary>
    /// The generations that belong to stamps, for an entry that is to be written; <see langword="null"/> if a tag changed meanwhile or the
    /// store does not answer.
    /// </summary>
    /// <param name="stamps">The tags' counts, taken before.</param>
    /// <param name="prefetched">What <see cref="PrefetchAsync"/> has read for many entries together.</param>
    public async ValueTask<TagGeneration[]?> ForAsync(TagStamp[] stamps, IReadOnlyDictionary<TagState, long>? prefetched = null)
    {
        var epoch = node.Trust.Epoch;
        var generations = new TagGeneration[stamps.Length];
        List<int>? unknown = null;
        for (var i = 0; i < stamps.Length; i++)
        {
            var (state, before) = (stamps[i].State, stamps[i].Changes);
            var known = state.TryGetGeneration(epoch, out var generation, out var changes);
            if (known && node.Trust.IsTrusted)
            {
                if (changes != before) return null;
            }
            else if (prefetched is null || !prefetched.TryGetValue(state, out generation))
            {
                (unknown ??= []).Add(i);
            }

            generations[i] = new TagGeneration(state.Tag, generation);
        }

        if (unknown is not null)
        {
            var read = await node.Store!.GetTagGenerationsAsync([.. unknown.Select(i => stamps[i].State.Tag)]).ConfigureAwait(false);
            if (read is null) return null;
            for (var j = 0; j < unknown.Count; j++)
            {
                var stamp = stamps[unknown[j]];
                stamp.State.Learn(read[j], stamp.Changes, epoch);
                generations[unknown[j]] = new TagGeneration(stamp.State.Tag, read[j]);
            }
        }

        return TagStamp.AllCurrent(stamps) ? generations : null;
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

    /// <summary>Reads the generations of many tags in one round trip, where they are not known.</summary>
    /// <returns>What was read; to be given to <see cref="ForAsync"/> for stamps that were taken before.</returns>
    public async ValueTask<IReadOnlyDictionary<TagState, long>?> PrefetchAsync(IEnumerable<TagStamp> stamps)
    {
        var epoch = node.Trust.Epoch;
        var trusted = node.Trust.IsTrusted;
        var unknown = stamps
            .DistinctBy(stamp => stamp.State)
            .Where(stamp => !trusted || !stamp.State.TryGetGeneration(epoch, out _, out _))
            .ToArray();
        if (unknown.Length == 0) return null;
        var read = await node.Store!.GetTagGenerationsAsync([.. unknown.Select(stamp => stamp.State.Tag)]).ConfigureAwait(false);
        if (read is null) return null;
        var prefetched = new Dictionary<TagState, long>();
        for (var i = 0; i < read.Length; i++)
        {
            unknown[i].State.Learn(read[i], unknown[i].Changes, epoch);
            prefetched[unknown[i].State] = read[i];
        }

        return prefetched;
    }

    /// <summary>Reads the generations of all tags of entries anew, in one round trip.</summary>
    /// <returns>What was read, with stamps that were taken before; to be given to <see cref="CheckAsync"/>.</returns>
    public async ValueTask<IReadOnlyDictionary<string, (TagStamp Stamp, long Generation)>?> ReadAnewAsync(IEnumerable<StoreReading> readings)
    {
        var epoch = node.Trust.Epoch;
        TagStamp[] stamps =
        [
            .. readings.SelectMany(reading => reading.Entry?.Tags ?? []).Select(tag => tag.Tag).Distinct(StringComparer.Ordinal)
                .Select(tag => node.Tags.Stamp(tag)),
        ];
        if (stamps.Length == 0) return null;
        var read = await node.Store!.GetTagGenerationsAsync([.. stamps.Select(stamp => stamp.State.Tag)]).ConfigureAwait(false);
        if (read is null) return null;
        for (var i = 0; i < stamps.Length; i++) stamps[i].State.Learn(read[i], stamps[i].Changes, epoch);
        return stamps.Zip(read).ToDictionary(pair => pair.First.State.Tag, StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether an entry of the store is valid under its tags' current generations. A generation that we know and that differs is
    /// asked for again: the entry may be newer than the last message.
    /// </summary>
    /// <param name="reading">What the store answered.</param>
    /// <param name="anew">Ask the store even for generations that are known: the caller reads past what this node remembers.</param>
    /// <param name="prefetched">What was read anew for many entries together, after they were.</param>
    /// <returns>If it is valid, the stamps to keep the entry under.</returns>
    public async ValueTask<(EntryValidity Validity, TagStamp[] Stamps)> CheckAsync(
        StoreReading reading, bool anew = false, IReadOnlyDictionary<string, (TagStamp Stamp, long Generation)>? prefetched = null)
    {
        var epoch = node.Trust.Epoch;
        if (Check(reading, anew, prefetched, out var stamps, out var doubtful) is { } known) return (known, stamps);

        var tags = reading.Entry!.Tags;
        var read = await node.Store!.GetTagGenerationsAsync([.. doubtful!.Select(i => tags[i].Tag)]).ConfigureAwait(false);
        if (read is null) return (EntryValidity.Unknown, []);
        for (var j = 0; j < doubtful!.Count; j++)
        {
            var i = doubtful[j];
            stamps[i].State.Learn(read[j], stamps[i].Changes, epoch);
            if (read[j] != tags[i].Generation) return (EntryValidity.Invalid, []);
        }

        return (EntryValidity.Valid, stamps);
    }

    /// <summary>The same as far as this node knows; <see langword="null"/>: the store has to be asked for the generations of some tags.</summary>
    public EntryValidity? Check(
        in StoreReading reading,
        bool anew,
        IReadOnlyDictionary<string, (TagStamp Stamp, long Generation)>? prefetched,
        out TagStamp[] stamps,
        out List<int>? doubtful)
    {
        var tags = reading.Entry!.Tags;
        doubtful = null;
        stamps = [];
        if (tags.Count == 0) return EntryValidity.Valid;
        var epoch = node.Trust.Epoch;
        var trusted = node.Trust.IsTrusted && !anew;
        var taken = tags.Count == 1 && prefetched is null && tags[0].Tag == TagTable.Wildcard ? node.Tags.StampUntagged() : null;
        stamps = taken ?? new TagStamp[tags.Count];
        for (var i = 0; i < stamps.Length; i++)
        {
            // This node has invalidated the tag, and the store does not know it yet.
            if (node.Journal.HoldsTag(tags[i].Tag)) return EntryValidity.Invalid;

            if (prefetched is not null && prefetched.TryGetValue(tags[i].Tag, out var fetched) && fetched.Generation == tags[i].Generation)
            {
                stamps[i] = fetched.Stamp;
                continue;
            }

            if (taken is null) stamps[i] = node.Tags.Stamp(tags[i].Tag);
            var known = stamps[i].State.TryGetGeneration(epoch, out var generation, out var changes) && changes == stamps[i].Changes;
            if (known && generation == tags[i].Generation && (trusted || reading.TagsVerified)) continue;
            if (!known && reading.TagsVerified)
            {
                stamps[i].State.Learn(tags[i].Generation, stamps[i].Changes, epoch);
                continue;
            }

            (doubtful ??= []).Add(i);
        }

        return doubtful is null ? EntryValidity.Valid : null;
    }
}
