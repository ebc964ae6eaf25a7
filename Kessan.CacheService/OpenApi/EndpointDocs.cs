using Kessan.CacheHost.Problems;

namespace Kessan.CacheHost.OpenApi;

/// <summary>Endpoint metadata: an answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Description">What it means.</param>
/// <param name="ContentTypes">The media types of its body; none: it has no body.</param>
/// <param name="Schema">The type of a JSON body.</param>
/// <param name="Headers">The header fields worth mentioning.</param>
/// <param name="Example">An example of its body.</param>
internal sealed record AnswerDoc(int Status, string Description, string[] ContentTypes, Type? Schema, string[] Headers, string? Example);

/// <summary>Endpoint metadata: a problem that is the row's own; those that every row has need none.</summary>
/// <param name="Kind">The problem.</param>
internal sealed record ProblemDoc(ProblemKind Kind);

/// <summary>Endpoint metadata: a request's header field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Required">Whether it must be there.</param>
internal sealed record HeaderDoc(string Name, string Description, bool Required = false);

/// <summary>Endpoint metadata: the request's body.</summary>
/// <param name="Description">What it is.</param>
/// <param name="ContentTypes">Its media types.</param>
/// <param name="Schema">The type of a JSON body.</param>
/// <param name="Example">An example.</param>
/// <param name="Required">Whether it must be there.</param>
internal sealed record BodyDoc(string Description, string[] ContentTypes, Type? Schema, string? Example, bool Required = true);

/// <summary>Says what an endpoint takes and answers, in the words of its row.</summary>
internal static class EndpointDocs
{
    private const string Any = "*/*";
    private const string Json = "application/json";
    private const string Entry = Caching.Storage.StoredEntryFormat.MediaType;

    /// <summary>An answer without a body.</summary>
    public static TBuilder Answers<TBuilder>(this TBuilder builder, int status, string description, params string[] headers)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new AnswerDoc(status, description, [], null, headers, null));

    /// <summary>An answer with a JSON body.</summary>
    public static TBuilder AnswersJson<TBuilder>(this TBuilder builder, int status, string description, Type? schema, string example, bool orFrames = false, params string[] headers)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new AnswerDoc(status, description, orFrames ? [Json, Entry] : [Json], schema, headers, example));

    /// <summary>An answer with another body.</summary>
    public static TBuilder AnswersText<TBuilder>(this TBuilder builder, int status, string description, string contentType, string example, params string[] headers)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new AnswerDoc(status, description, [contentType], null, headers, example));

    /// <summary>A problem of this row.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder builder, params ProblemKind[] kinds)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var kind in kinds) builder.WithMetadata(new ProblemDoc(kind));
        return builder;
    }

    /// <summary>A header field of the request.</summary>
    public static TBuilder Reads<TBuilder>(this TBuilder builder, string name, string description, bool required = false)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new HeaderDoc(name, description, required));

    /// <summary>A JSON body of the request.</summary>
    public static TBuilder TakesJson<TBuilder>(
        this TBuilder builder, Type schema, string description, string example, bool orFrames = false, bool required = true)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new BodyDoc(description, orFrames ? [Json, Entry] : [Json], schema, example, required))
            .Fails(ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.UnsupportedEncoding, ProblemKind.BodyTimeout);

    /// <summary>The row answers an entry.</summary>
    public static TBuilder GivesEntry<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.GivesEntryOnce()
            .Answers(StatusCodes.Status304NotModified, "The client has this version already.", "ETag", "Age", "Cache-Control", "Cache-Status", "Cache-Groups", "Vary")
            .Reads("If-None-Match", "Entity tags that the client has.")
            .Reads("Cache-Control", "no-cache reads past L1.");

    /// <summary>The row may give an entry, and is no read: it is asked without conditions.</summary>
    public static TBuilder GivesEntryOnce<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new AnswerDoc(
                StatusCodes.Status200OK,
                "The bytes as they were put, with the media type that they came with; or with its envelope, for other caches.",
                [Any, Entry],
                null,
                ["ETag", "Age", "Cache-Control", "Cache-Status", "Cache-Groups", "Vary", KessanHeaders.Tags, "X-Content-Type-Options", "Content-Security-Policy"],
                """{"close":2520.0}"""))
            .Fails(ProblemKind.NotFound, ProblemKind.StoreAway);

    /// <summary>The row takes an entry.</summary>
    public static TBuilder TakesEntry<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.TakesSession()
            .Reads(KessanHeaders.Lease, "The nonce of a lease: the write is the fill for which the lease was granted.")
            .Answers(StatusCodes.Status202Accepted, "Redis is away: this node alone has it until it is back.")
            .Fails(ProblemKind.LeaseLost);

    /// <summary>The row takes a session: what an entry is, without leases, and never on this node alone.</summary>
    public static TBuilder TakesSession<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new BodyDoc("Any bytes, with their media type; or an entry with its envelope.", [Any, Entry], null, """{"close":2520.0}"""))
            .Reads("If-None-Match", "* writes only what is not there.")
            .Reads("If-Match", "Writes only if the entry still has this entity tag.")
            .Answers(StatusCodes.Status204NoContent, "Stored, for all nodes.", "ETag", KessanHeaders.Version)
            .Fails(ProblemKind.ConditionFailed, ProblemKind.BodyTooLarge, ProblemKind.BodyTimeout, ProblemKind.UnsupportedEncoding, ProblemKind.StoreAway);
}
