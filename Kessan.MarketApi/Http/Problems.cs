using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.MarketApi.Http;

/// <summary>The problems (RFC 9457) that this API answers with; their <c>type</c> is what a program may rely on.</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:kessan:problem:";

    /// <summary>Gives a problem that the framework wrote, and that says no more than its status, a type of ours.</summary>
    public static void Name(ProblemDetails problem)
    {
        if (problem.Type?.StartsWith(TypePrefix, StringComparison.Ordinal) == true)
            return;
        (var type, problem.Detail) = problem.Status switch
        {
            StatusCodes.Status400BadRequest => ("invalid-request", "A parameter is missing, or it or the body has the wrong form."),
            StatusCodes.Status404NotFound => ("not-found", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", "Allow says which methods this address has."),
            StatusCodes.Status408RequestTimeout => ("body-timeout", "The body did not arrive in time."),
            StatusCodes.Status413PayloadTooLarge => ("body-too-large", "The body is longer than this address takes."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported-media-type", "The body has to be application/json."),
            StatusCodes.Status500InternalServerError => ("internal", "This is a defect of the service, not of the request; its log says more."),
            _ => (null, problem.Detail),
        };
        if (type is not null)
            problem.Type = TypePrefix + type;
    }

    /// <summary>400: no code of the exchange looks like this.</summary>
    public static ProblemHttpResult InvalidStockCode() => BadRequest(
        "invalid-stock-code", "Not a stock code.",
        "A code has four characters, such as 7203 or 130A; letters (not B, E, I, O, Q, V, Z) only in places 2 and 4.");

    /// <summary>400: no or too many codes in one question.</summary>
    public static ProblemHttpResult TickerCount(int maximum) => BadRequest(
        "ticker-count", "No or too many stock codes.", $"tickers takes 1 to {maximum} codes, separated by commas.");

    /// <summary>400: a name that is none of a closed set.</summary>
    public static ProblemHttpResult UnknownName(string parameter, IEnumerable<string> names) => BadRequest(
        "unknown-" + parameter, $"Unknown {parameter}.", $"{parameter} is one of {string.Join(", ", names)}.");

    /// <summary>400: days in the wrong order or too many of them.</summary>
    public static ProblemHttpResult InvalidSpan(int maximumDays) => BadRequest(
        "invalid-span", "Not a span of days.", $"from must not be after to, and lie at most {maximumDays} days before it.");

    /// <summary>400: preferences over their limits.</summary>
    public static ProblemHttpResult InvalidPreferences(int maximumCount, int maximumName, int maximumValue) => BadRequest(
        "invalid-preferences", "Too many or too long preferences.",
        $"A session has at most {maximumCount} preferences, with names of at most {maximumName} and values of at most {maximumValue} characters.");

    /// <summary>400: a text that is too long.</summary>
    public static ProblemHttpResult TooLong(string parameter, int maximum) => BadRequest(
        "too-long", "Too long.", $"{parameter} may have {maximum} characters.");

    /// <summary>404: a good code of a stock that the source does not know.</summary>
    public static ProblemHttpResult UnknownStock(string ticker) => NotFound(
        "unknown-stock", "Unknown stock.", $"No stock with the code {ticker} is known here.");

    /// <summary>404: a known stock without a price on that day.</summary>
    public static ProblemHttpResult NoPrice(string ticker, DateOnly? date) => NotFound(
        "no-price", "No price.", date is { } day
            ? $"There is no price of {ticker} on {day:yyyy-MM-dd}: the market was closed, or the day is out of range."
            : $"There is no price of {ticker} yet.");

    /// <summary>404: a known stock without such a statement.</summary>
    public static ProblemHttpResult NoStatement(string ticker) => NotFound(
        "no-statement", "No financial statement.", $"There is no such statement of {ticker} here.");

    /// <summary>404: an index that the source does not have.</summary>
    public static ProblemHttpResult UnknownIndex(IEnumerable<string> ids) => NotFound(
        "unknown-index", "Unknown index.", $"The indices here are {string.Join(", ", ids)}.");

    /// <summary>401: a key that nobody has; without a key one is anonymous.</summary>
    public static ProblemHttpResult UnknownKey() => TypedResults.Problem(
        type: TypePrefix + "unknown-key",
        title: "Unknown API key.",
        detail: "Leave the key out to call anonymously, with a lower daily limit.",
        statusCode: StatusCodes.Status401Unauthorized);

    /// <summary>429: the day's requests are used up.</summary>
    public static ProblemHttpResult QuotaUsedUp() => TypedResults.Problem(
        type: TypePrefix + "quota-used-up",
        title: "The daily quota is used up.",
        detail: "Retry-After says when the next day begins.",
        statusCode: StatusCodes.Status429TooManyRequests);

    /// <summary>401: no session, or one that has ended.</summary>
    public static ProblemHttpResult NoSession() => TypedResults.Problem(
        type: TypePrefix + "no-session",
        title: "No session.",
        detail: "There is no session, or it has ended. POST /sessions begins one.",
        statusCode: StatusCodes.Status401Unauthorized);

    /// <summary>503: sessions stand in the store alone, and it is away.</summary>
    public static ProblemHttpResult SessionsUnavailable() => TypedResults.Problem(
        type: TypePrefix + "sessions-unavailable",
        title: "Sessions are not available.",
        detail: "The store that keeps them does not answer. Try again later.",
        statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>503: nothing is cached and the source cannot be asked.</summary>
    public static ProblemHttpResult SourceUnavailable() => TypedResults.Problem(
        type: TypePrefix + "source-unavailable",
        title: "The source of this data does not answer.",
        detail: "Nothing is cached that could be given instead. Try again later.",
        statusCode: StatusCodes.Status503ServiceUnavailable);

    private static ProblemHttpResult BadRequest(string type, string title, string detail) => TypedResults.Problem(
        type: TypePrefix + type, title: title, detail: detail, statusCode: StatusCodes.Status400BadRequest);

    private static ProblemHttpResult NotFound(string type, string title, string detail) => TypedResults.Problem(
        type: TypePrefix + type, title: title, detail: detail, statusCode: StatusCodes.Status404NotFound);
}
