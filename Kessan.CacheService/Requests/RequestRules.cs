using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Security;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

/// <summary>What a key, a tag, a lifetime and a pattern may be, and which keys a client may touch. Safe for concurrent use.</summary>
internal sealed class RequestRules(IOptions<ServiceLimitsOptions> options)
{
    // Sessions and quotas have rows of their own, with rules of their own; the last is the engine's.
    private static readonly string[] RefusedPrefixes = ["user_session:", "api_quota:", "kessan:"];

    public ServiceLimitsOptions Limits { get; } = options.Value;

    /// <summary>Whether the generic rows show and change this key for nobody.</summary>
    public static bool IsRefused(ReadOnlySpan<char> key)
    {
        foreach (var prefix in RefusedPrefixes)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>A dot segment: a proxy or a client might have taken it for a step in the path.</summary>
    public static bool HasDotSegment(ReadOnlySpan<char> text)
    {
        foreach (var segment in text.Split('/'))
        {
            if (text[segment] is "." or "..") return true;
        }

        return false;
    }

    /// <summary>A key of a generic row.</summary>
    public RequestProblem? CheckKey(ApiClient client, string key)
    {
        var problem = CheckText("key", key);
        if (problem is not null) return problem;
        if (key.Length > Limits.KeyLength)
        {
            return RequestProblem.PastLimit(nameof(Limits.KeyLength), Limits.KeyLength, $"The key has {key.Length} characters.");
        }

        return IsRefused(key)
            ? new RequestProblem(ProblemKind.PrefixRefused, "Keys that begin with user_session:, api_quota: and kessan: have rows of their own.")
            : CheckReach(client, key);
    }

    /// <summary>The keys of a batch.</summary>
    /// <exception cref="RequestProblemException">There are too many, or one is none.</exception>
    public void DemandKeys(ApiClient client, IReadOnlyList<string> keys)
    {
        if (CheckBatch(keys.Count) is { } problem) throw problem.AsException();
        foreach (var key in keys)
        {
            if (key is null) throw RequestProblem.Invalid("A key is null.").AsException();
            if (CheckKey(client, key) is { } wrong) throw wrong.AsException();
        }
    }

    /// <summary>Whether the client's own prefixes allow a key.</summary>
    public static RequestProblem? CheckReach(ApiClient client, string key)
        => client.MayTouch(key) ? null : new RequestProblem(ProblemKind.PrefixRefused, "The API key may not touch keys that begin so.");

    /// <summary>A tag.</summary>
    public RequestProblem? CheckTag(string tag)
        => CheckText("tag", tag)
            ?? (tag.Length > Limits.TagLength
                ? RequestProblem.PastLimit(nameof(Limits.TagLength), Limits.TagLength, $"A tag has {tag.Length} characters.")
                : null);

    /// <summary>The tag of a stock, which the engine gives to entries itself: longer than a key no entry can carry it.</summary>
    public RequestProblem? CheckStockTag(string tag)
        => tag.Length > Limits.KeyLength
            ? RequestProblem.PastLimit(nameof(Limits.KeyLength), Limits.KeyLength, "The ticker is longer than any key.")
            : null;

    /// <summary>The tags of one entry; the star stands for all entries and can be given to none.</summary>
    public RequestProblem? CheckEntryTags(IReadOnlyCollection<string?> tags)
    {
        if (tags.Count > Limits.Tags) return RequestProblem.PastLimit(nameof(Limits.Tags), Limits.Tags, $"The entry has {tags.Count} tags.");
        foreach (var tag in tags)
        {
            if (tag is null) return RequestProblem.Invalid("A tag is null.");
            if (tag == "*") return RequestProblem.Invalid("The tag '*' stands for all entries and cannot be given to one.");
            if (CheckTag(tag) is { } problem) return problem;
        }

        return null;
    }

    /// <summary>A lifetime.</summary>
    public RequestProblem? CheckTtl(TimeSpan ttl)
    {
        if (ttl < Limits.MinimumTtl)
        {
            return RequestProblem.PastLimit(nameof(Limits.MinimumTtl), (long)Math.Ceiling(Limits.MinimumTtl.TotalSeconds), "The lifetime is too short.");
        }

        return ttl > Limits.MaximumTtl
            ? RequestProblem.PastLimit(nameof(Limits.MaximumTtl), (long)Limits.MaximumTtl.TotalSeconds, "The lifetime is too long.")
            : null;
    }

    /// <summary>The number of items in a batch.</summary>
    public RequestProblem? CheckBatch(int count)
        => count > Limits.BatchKeys
            ? RequestProblem.PastLimit(nameof(Limits.BatchKeys), Limits.BatchKeys, $"The batch has {count} items.")
            : null;

    /// <summary>A glob pattern: it needs a literal beginning, which the client may touch, and has few stars.</summary>
    public RequestProblem? CheckPattern(ApiClient client, string pattern)
    {
        var problem = CheckText("pattern", pattern);
        if (problem is not null) return problem;
        if (pattern.Length > Limits.KeyLength)
        {
            return RequestProblem.PastLimit(nameof(Limits.KeyLength), Limits.KeyLength, $"The pattern has {pattern.Length} characters.");
        }

        var stars = pattern.AsSpan().Count('*');
        if (stars > Limits.PatternStars)
        {
            return RequestProblem.PastLimit(nameof(Limits.PatternStars), Limits.PatternStars, $"The pattern has {stars} stars.");
        }

        var literal = pattern.AsSpan();
        if (literal.IndexOfAny("*?[\\") is >= 0 and var wild) literal = literal[..wild];
        if (literal.IsEmpty) return RequestProblem.Invalid("A pattern begins with at least one character that is no wildcard.");
        foreach (var prefix in RefusedPrefixes)
        {
            if (literal.StartsWith(prefix, StringComparison.Ordinal) || prefix.AsSpan().StartsWith(literal, StringComparison.Ordinal))
            {
                return new RequestProblem(ProblemKind.PrefixRefused, "The pattern reaches user_session:, api_quota: or kessan:.");
            }
        }

        return client.MayTouch(literal) ? null : new RequestProblem(ProblemKind.PrefixRefused, "The API key may not touch all keys of this pattern.");
    }

    /// <summary>Any text that names something: not blank, no control characters, valid UTF-16.</summary>
    public static RequestProblem? CheckText(string name, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new RequestProblem(ProblemKind.InvalidKey, $"The {name} is blank.");
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return new RequestProblem(ProblemKind.InvalidKey, $"The {name} has a control character.");
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return new RequestProblem(ProblemKind.InvalidKey, $"The {name} is not valid Unicode.");
            }

            i++;
        }

        return null;
    }
}
