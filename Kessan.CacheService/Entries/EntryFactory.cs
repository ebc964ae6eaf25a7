using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Requests;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>Makes entries of what came over HTTP: bytes with a media type and a lifetime, or an envelope.</summary>
internal sealed class EntryFactory(CacheTtlPolicy lifetimes, RequestRules rules)
{
    /// <summary>The media type of a value that came without one.</summary>
    public const string DefaultContentType = "application/octet-stream";

    private const int MaximumContentTypeLength = 255;

    // What the engine adds to an entry's tags for itself: the star's generation, and the stock that the key names.
    private const int TagsOfTheEngine = 2;

    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(300);

    /// <summary>An entry of bytes; the lifetime is <paramref name="ttl"/>, else the type's, else the key's prefix's, else 300 s.</summary>
    /// <exception cref="RequestProblemException">Something is out of its limits.</exception>
    public StoredEntry Create(string key, byte[] value, string? contentType, double? ttl, string? type, IReadOnlyList<string> tags)
    {
        Demand(CheckContentType(contentType));
        Demand(rules.CheckEntryTags(tags));
        if (value.Length > rules.Limits.ValueBytes)
        {
            Demand(RequestProblem.TooLarge(nameof(rules.Limits.ValueBytes), rules.Limits.ValueBytes));
        }

        var policy = type is null ? lifetimes.ForKey(key) : lifetimes.For(ParseType(type));
        var lifetime = ttl is { } seconds ? ToLifetime(seconds) : policy?.Fresh ?? DefaultLifetime;
        return new StoredEntry
        {
            Payload = value,
            Lifetime = lifetime,
            StaleWindow = policy?.StaleWindow ?? TimeSpan.Zero,
            ContentType = string.IsNullOrEmpty(contentType) ? DefaultContentType : contentType,
            Traits = StoredEntryTraits.Raw,
            Tags = [.. tags.Distinct(StringComparer.Ordinal).Select(static tag => new TagGeneration(tag, 0))],
        };
    }

    /// <summary>An entry that came with its envelope, as another node's engine made it.</summary>
    /// <exception cref="RequestProblemException">It is no entry, or something is out of its limits.</exception>
    public StoredEntry Accept(byte[] envelope)
    {
        if (!StoredEntryFormat.TryDecode(envelope, TimeSpan.Zero, out var entry))
        {
            throw RequestProblem.Invalid($"The body is no {StoredEntryFormat.MediaType}.").AsException();
        }

        Check(entry);
        return entry;
    }

    /// <summary>The same for a session: whatever the envelope says, it ends as all sessions do.</summary>
    public StoredEntry AcceptSession(string key, byte[] envelope)
    {
        var entry = Accept(envelope);
        var rule = lifetimes.ForKey(key)!;
        var age = entry.Age > TimeSpan.Zero ? entry.Age : TimeSpan.Zero;
        var longest = rule.SlideLimit is { } limit && limit < age + rule.Fresh ? limit : age + rule.Fresh;
        return entry with { Age = age, Lifetime = entry.Lifetime < longest ? entry.Lifetime : longest, StaleWindow = TimeSpan.Zero };
    }

    /// <summary>The same for one of a batch; the entry keeps nothing of the batch's buffer.</summary>
    public StoredEntry Accept(StoredEntry entry)
    {
        Check(entry);
        return entry with { Payload = entry.Payload.ToArray() };
    }

    public static CacheDataType ParseType(string name)
    {
        foreach (var type in Enum.GetValues<CacheDataType>())
        {
            if (type != CacheDataType.Other && CacheKeys.PrefixOf(type) == name) return type;
        }

        throw RequestProblem.Invalid("The type is none of those that have a lifetime of their own.").AsException();
    }

    /// <summary>A lifetime in seconds, within the limits.</summary>
    public TimeSpan ToLifetime(double seconds)
    {
        var lifetime = ToTime(seconds);
        Demand(rules.CheckTtl(lifetime));
        return lifetime;
    }

    /// <summary>A new lifetime for an entry that is there; other caches may use shorter ones than a request may name for a value.</summary>
    public TimeSpan ToExtension(double seconds)
    {
        var lifetime = ToTime(seconds);
        if (lifetime <= TimeSpan.Zero || lifetime > rules.Limits.MaximumTtl) Demand(rules.CheckTtl(lifetime));
        return lifetime;
    }

    // What no TimeSpan can hold is past every limit too.
    private static TimeSpan ToTime(double seconds) => seconds switch
    {
        > 1e10 => TimeSpan.MaxValue,
        > 0 => TimeSpan.FromSeconds(seconds),
        _ => TimeSpan.Zero,
    };

    private void Check(StoredEntry entry)
    {
        Demand(CheckContentType(entry.ContentType));
        if (entry.Lifetime <= TimeSpan.Zero) Demand(RequestProblem.Invalid("The entry has no lifetime."));
        if (entry.Lifetime > rules.Limits.MaximumTtl) Demand(rules.CheckTtl(entry.Lifetime));
        if (entry.StaleWindow > rules.Limits.MaximumTtl) Demand(rules.CheckTtl(entry.StaleWindow));
        if (!Enum.IsDefined(entry.Codec)) Demand(RequestProblem.Invalid("The entry is compressed in a way that is not known here."));
        CheckPayload(entry);
        if (entry.Tags.Count > rules.Limits.Tags + TagsOfTheEngine)
        {
            Demand(RequestProblem.PastLimit(nameof(rules.Limits.Tags), rules.Limits.Tags, $"The entry has {entry.Tags.Count} tags."));
        }

        foreach (var (tag, _) in entry.Tags) Demand(rules.CheckTag(tag));
    }

    // Readers that are no caches get it decompressed: what counts is what it costs them, and a damaged one must not reach them.
    private void CheckPayload(StoredEntry entry)
    {
        var isWhole = StoredEntryPayload.TryGetLength(entry, out var length);
        if (entry.Payload.Length > rules.Limits.ValueBytes || (isWhole && length > rules.Limits.ValueBytes))
        {
            Demand(RequestProblem.TooLarge(nameof(rules.Limits.ValueBytes), rules.Limits.ValueBytes));
        }

        if ((entry.Traits & StoredEntryTraits.Null) != 0 || (isWhole && StoredEntryPayload.IsIntact(entry, rules.Limits.ValueBytes))) return;
        Demand(RequestProblem.Invalid("The entry is not compressed as it says."));
    }

    private static RequestProblem? CheckContentType(string? contentType)
        => contentType is null || (contentType.Length <= MaximumContentTypeLength && !contentType.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            ? null
            : RequestProblem.Invalid($"A media type has at most {MaximumContentTypeLength} printable characters.");

    private static void Demand(RequestProblem? problem)
    {
        if (problem is not null) throw problem.AsException();
    }
}
