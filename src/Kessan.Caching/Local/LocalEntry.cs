using Kessan.Caching.Keys;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Local;

/// <summary>One entry of L1. All instants are milliseconds of the engine's clock. Immutable but for the marks at the end.</summary>
internal abstract class LocalEntry
{
    /// <summary>When the source made the value.</summary>
    public required long MadeAt { get; init; }

    /// <summary>From here on a hit may draw for an early refresh; at most <see cref="FreshUntil"/>.</summary>
    public required long RefreshFrom { get; init; }

    /// <summary>The end of the fresh life in L1: never after <see cref="LifeEnd"/>.</summary>
    public required long FreshUntil { get; init; }

    /// <summary>The end of the entry's own fresh life, which no layer lengthens.</summary>
    public required long LifeEnd { get; init; }

    /// <summary>The end of even a stale answer.</summary>
    public required long StaleUntil { get; init; }

    /// <summary>The store's version; 0 if the store does not have it.</summary>
    public required long Version { get; init; }

    /// <summary>δβ of early refresh in milliseconds.</summary>
    public required double RefreshScale { get; init; }

    public required TagStamp[] Tags { get; init; }

    public required CacheDataType DataType { get; init; }

    /// <summary>What the entry weighs, with key and bookkeeping.</summary>
    public required int Size { get; init; }

    /// <summary>
    /// Made by this node alone while the store was away (a fill without a lease, a write not yet acknowledged): it needs no proof from
    /// others to be served until its end.
    /// </summary>
    public bool IsUnleased { get; init; }

    /// <summary>Made by a call that uses no store: nothing but its own time and tags ends it.</summary>
    public bool IsLocalOnly { get; init; }

    /// <summary>The epoch of trust in which the entry was last known to be the store's.</summary>
    public int Epoch;

    /// <summary>Until when the stale value is given without asking the source again.</summary>
    public long RetryAt;

    /// <summary>When the eviction policy was last told of a hit.</summary>
    public long UsedAt;

    private string[]? _publicTags;
    private int _refreshing;
    private int _released;

    /// <summary>The tags without those that the engine adds for itself; made once, for whoever asks for them.</summary>
    public string[] PublicTags => _publicTags ??= Tags.Length == 0 || (Tags.Length == 1 && Tags[0].State.Tag == TagTable.Wildcard)
        ? []
        : [.. Tags.Select(static stamp => stamp.State.Tag).Where(static tag => tag != TagTable.Wildcard)];

    /// <summary>The first caller gets true: an entry is refreshed early at most once.</summary>
    public bool TryBeginRefresh() => Interlocked.Exchange(ref _refreshing, 1) == 0;

    /// <summary>The first caller gets true: the entry's bytes are given back once.</summary>
    public bool TryRelease() => Interlocked.Exchange(ref _released, 1) == 0;

    /// <summary>The same entry with new stamps, after the store has confirmed it.</summary>
    public abstract LocalEntry Confirmed(TagStamp[] tags, int epoch);
}

/// <summary>An entry whose value is handed out itself: its type cannot be changed by a caller.</summary>
internal sealed class LocalValue<T> : LocalEntry
{
    public required T Value { get; init; }

    public override LocalEntry Confirmed(TagStamp[] tags, int epoch) => new LocalValue<T>
    {
        Value = Value,
        MadeAt = MadeAt,
        RefreshFrom = RefreshFrom,
        FreshUntil = FreshUntil,
        LifeEnd = LifeEnd,
        StaleUntil = StaleUntil,
        Version = Version,
        RefreshScale = RefreshScale,
        Tags = tags,
        DataType = DataType,
        Size = Size,
        IsUnleased = IsUnleased,
        IsLocalOnly = IsLocalOnly,
        Epoch = epoch,
    };
}

/// <summary>An entry as bytes: each caller gets its own copy of the value, or the bytes themselves.</summary>
internal sealed class LocalPayload : LocalEntry
{
    public required StoredEntry Stored { get; init; }

    /// <summary>What read the value last: asked first by the next one, before the look-up of the type.</summary>
    public object? Serializer { get; set; }

    public override LocalEntry Confirmed(TagStamp[] tags, int epoch) => new LocalPayload
    {
        Stored = Stored,
        MadeAt = MadeAt,
        RefreshFrom = RefreshFrom,
        FreshUntil = FreshUntil,
        LifeEnd = LifeEnd,
        StaleUntil = StaleUntil,
        Version = Version,
        RefreshScale = RefreshScale,
        Tags = tags,
        DataType = DataType,
        Size = Size,
        IsUnleased = IsUnleased,
        IsLocalOnly = IsLocalOnly,
        Epoch = epoch,
    };
}
