using System.Collections.Immutable;

namespace Kessan.CacheHost.Problems;

/// <summary>What can be wrong with a request, each with its stable type (RFC 9457).</summary>
/// <param name="Slug">The last part of the type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The kind in a few words, the same every time.</param>
internal sealed record ProblemKind(string Slug, int Status, string Title)
{
    public static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "The request is invalid");
    public static readonly ProblemKind InvalidKey = new("invalid-key", 400, "The key is invalid");
    public static readonly ProblemKind LimitExceeded = new("limit-exceeded", 400, "A limit is exceeded");
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body is too large");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "An API key is needed");
    public static readonly ProblemKind ScopeMissing = new("scope-missing", 403, "The API key does not allow this");
    public static readonly ProblemKind PrefixRefused = new("prefix-refused", 403, "This key is out of reach");
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is no such entry");
    public static readonly ProblemKind BodyTimeout = new("body-timeout", 408, "The body came too slowly");
    public static readonly ProblemKind LeaseLost = new("lease-lost", 409, "The lease is lost");
    public static readonly ProblemKind ConditionFailed = new("condition-failed", 412, "The condition does not hold");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415, "The media type is not supported");
    public static readonly ProblemKind UnsupportedEncoding = new("unsupported-encoding", 415, "The content coding is not supported");
    public static readonly ProblemKind QuotaExceeded = new("quota-exceeded", 429, "The quota is used up");
    public static readonly ProblemKind Internal = new("internal", 500, "The service failed");
    public static readonly ProblemKind Overloaded = new("overloaded", 503, "The service is overloaded");
    public static readonly ProblemKind StoreAway = new("store-away", 503, "The store does not answer");

    /// <summary>All of them, for the description of the API.</summary>
    public static ImmutableArray<ProblemKind> All { get; } =
    [
        InvalidRequest, InvalidKey, LimitExceeded, BodyTooLarge, Unauthenticated, ScopeMissing, PrefixRefused, NotFound, BodyTimeout,
        LeaseLost, ConditionFailed, UnsupportedMediaType, UnsupportedEncoding, QuotaExceeded, Internal, Overloaded, StoreAway,
    ];

    /// <summary>The type as a URI.</summary>
    public string Type { get; } = $"urn:kessan:problem:{Slug}";
}
