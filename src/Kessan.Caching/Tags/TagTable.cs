using BitFaster.Caching;
using BitFaster.Caching.Lru;

namespace Kessan.Caching.Tags;

/// <summary>The tags this node knows, bounded: a tag that falls out counts as changed, which only causes misses.</summary>
internal sealed class TagTable
{
    /// <summary>The tag that every entry carries.</summary>
    public const string Wildcard = "*";

    private readonly ICache<string, TagState> _states;
    private TagStamp[] _untagged;

    public TagTable(int capacity)
    {
        _states = new ConcurrentLruBuilder<string, TagState>()
            .WithCapacity(Math.Max(3, capacity))
            .WithKeyComparer(StringComparer.Ordinal)
            .WithMetrics()
            .Build();
        _states.Events.Value!.ItemRemoved += static (_, removed) => removed.Value?.Retire();
        Everything = new TagState(Wildcard);
        _untagged = [new TagStamp(Everything, Everything.Changes)];
    }

    /// <summary>The state of <see cref="Wildcard"/>; never falls out.</summary>
    public TagState Everything { get; }

    public int Count => _states.Count;

    private TagState Get(string tag)
        => tag == Wildcard ? Everything : _states.GetOrAdd(tag, static tag => new TagState(tag));

    /// <summary>The state of a tag that an entry of this node may carry; <see langword="null"/>: none does.</summary>
    public TagState? Find(string tag)
        => tag == Wildcard ? Everything : _states.TryGet(tag, out var state) ? state : null;

    /// <summary>The tags' present counts, to be taken before a source or the store is asked.</summary>
    /// <returns>Not to be written to: entries without tags of their own share one array.</returns>
    public TagStamp[] Stamp(IReadOnlyList<string> tags)
    {
        if (tags.Count == 1 && tags[0] == Wildcard) return StampUntagged();
        var stamps = new TagStamp[tags.Count];
        for (var i = 0; i < stamps.Length; i++) stamps[i] = Stamp(tags[i]);
        return stamps;
    }

    /// <summary>The stamps of an entry that carries <see cref="Wildcard"/> alone; not to be written to.</summary>
    public TagStamp[] StampUntagged()
    {
        var stamps = Volatile.Read(ref _untagged);
        if (stamps[0].IsCurrent) return stamps;
        stamps = [new TagStamp(Everything, Everything.Changes)];
        Volatile.Write(ref _untagged, stamps);
        return stamps;
    }

    /// <summary>The tag's present count.</summary>
    public TagStamp Stamp(string tag)
    {
        while (true)
        {
            var state = Get(tag);
            var stamp = new TagStamp(state, state.Changes);
            if (!state.IsRetired) return stamp; // it fell out between the two: the stamp would be on a state that no message reaches
        }
    }
}
