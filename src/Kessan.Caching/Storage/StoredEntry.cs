namespace Kessan.Caching.Storage;

/// <summary>One entry of the second layer: a payload and what must be known about it. Immutable, safe to share.</summary>
/// <remarks><see cref="Age"/> was true when the entry was read or made; the holder adds the time since by its own clock.</remarks>
public sealed record StoredEntry
{
    /// <summary>The bytes, compressed as <see cref="Codec"/> says.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// The version that the store issued, rising per key (microseconds of the store's clock); 0 before it was stored, and for a value
    /// that another program wrote.
    /// </summary>
    public long Version { get; init; }

    /// <summary>How long ago the value was made by its source.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>The whole fresh lifetime, from the making of the value.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>How much longer than <see cref="Lifetime"/> the value may be served when its source fails. Zero: not at all.</summary>
    public TimeSpan StaleWindow { get; init; }

    /// <summary>How long the source took to make the value (δ of XFetch).</summary>
    public TimeSpan SourceCost { get; init; }

    /// <summary>The tags with the generations that were current before the source ran.</summary>
    public IReadOnlyList<TagGeneration> Tags { get; init; } = [];

    /// <summary>The media type with which the value came over HTTP; <see langword="null"/> for a serialized object.</summary>
    public string? ContentType { get; init; }

    /// <summary>How the payload was made and what may be done with the entry.</summary>
    public StoredEntryTraits Traits { get; init; }

    /// <summary>How the payload is compressed.</summary>
    public PayloadCodec Codec { get; init; }

    /// <summary>Fresh time left; negative when it is past.</summary>
    public TimeSpan FreshLeft => Lifetime - Age;

    /// <summary>Time left until even a stale answer is forbidden.</summary>
    public TimeSpan StaleLeft => Lifetime + StaleWindow - Age;
}
