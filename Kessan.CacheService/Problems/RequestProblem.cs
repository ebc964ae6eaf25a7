using Kessan.CacheHost.Quotas;

namespace Kessan.CacheHost.Problems;

/// <summary>What is wrong with one request: an answer that a handler returns, or throws from deeper down. Immutable.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">What is wrong this time; never a key or a value.</param>
internal sealed record RequestProblem(ProblemKind Kind, string Detail) : IResult
{
    /// <summary>The name of the limit in the configuration, where one is exceeded.</summary>
    public string? LimitName { get; init; }

    /// <summary>That limit.</summary>
    public long? Limit { get; init; }

    /// <summary>How a quota stands that has nothing left.</summary>
    public QuotaAnswer? Quota { get; init; }

    /// <summary>When it may be tried again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The version of what stands in the store, when a condition failed.</summary>
    public long Version { get; init; }

    public static RequestProblem NotFound { get; } = new(ProblemKind.NotFound, "Neither layer has an entry with this key.");

    public static RequestProblem StoreAway { get; } = new(ProblemKind.StoreAway, "Redis does not answer at present, and this cannot be done without it.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static RequestProblem Invalid(string detail) => new(ProblemKind.InvalidRequest, detail);

    public static RequestProblem PastLimit(string name, long limit, string detail)
        => new(ProblemKind.LimitExceeded, detail) { LimitName = name, Limit = limit };

    public static RequestProblem TooLarge(string name, long limit)
        => new(ProblemKind.BodyTooLarge, $"The limit is {limit} bytes.") { LimitName = name, Limit = limit };

    public static RequestProblem Overloaded(string limitName, long limit) => new(ProblemKind.Overloaded, "There are too many of these at once.")
    {
        LimitName = limitName,
        Limit = limit,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public RequestProblemException AsException() => new(this);

    public Task ExecuteAsync(HttpContext httpContext)
        => httpContext.RequestServices.GetRequiredService<ProblemWriter>().WriteAsync(httpContext, this);
}
