using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Http;

/// <summary>The problems (RFC 9457) that this API answers with; their <c>type</c> is what a program may rely on.</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:kessan:problem:";

    /// <summary>400: no code of the exchange looks like this.</summary>
    public static ProblemHttpResult InvalidStockCode() => TypedResults.Problem(
        type: TypePrefix + "invalid-stock-code",
        title: "Not a stock code.",
        detail: "A code has four characters, such as 7203 or 130A; letters (not B, E, I, O, Q, V, Z) only in places 2 and 4.",
        statusCode: StatusCodes.Status400BadRequest);

    /// <summary>404: a good code of a stock that the source does not know.</summary>
    public static ProblemHttpResult UnknownStock(string ticker) => TypedResults.Problem(
        type: TypePrefix + "unknown-stock",
        title: "Unknown stock.",
        detail: $"No stock with the code {ticker} is known here.",
        statusCode: StatusCodes.Status404NotFound);

    /// <summary>404: a known stock without a price on that day.</summary>
    public static ProblemHttpResult NoPrice(string ticker, DateOnly? date) => TypedResults.Problem(
        type: TypePrefix + "no-price",
        title: "No price.",
        detail: date is { } day
            ? $"There is no price of {ticker} on {day:yyyy-MM-dd}: the market was closed, or the day is out of range."
            : $"There is no price of {ticker} yet.",
        statusCode: StatusCodes.Status404NotFound);

    /// <summary>503: nothing is cached and the source cannot be asked.</summary>
    public static ProblemHttpResult SourceUnavailable() => TypedResults.Problem(
        type: TypePrefix + "source-unavailable",
        title: "The source of this data does not answer.",
        detail: "Nothing is cached that could be given instead. Try again later.",
        statusCode: StatusCodes.Status503ServiceUnavailable);
}
