using System.Globalization;
using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Prices;

/// <summary>Daily bars of a stock.</summary>
internal static class HistoryEndpoints
{
    private const int MaximumDays = 366 * 5;
    private const int DefaultMonths = 6;
    private static readonly DateOnly Earliest = DateOnly.MinValue;

    public static RouteGroupBuilder MapHistory(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks/{ticker}/history").WithTags("Prices");
        group.MapGet("/", GetHistoryAsync).WithName("GetHistory")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<Ok<PriceHistory>, ProblemHttpResult>> GetHistoryAsync(
        string ticker, DateOnly? from, DateOnly? to, KessanHybridCache cache, CacheKeyBuilder keys, IPriceSource source,
        TimeProvider timeProvider, HttpResponse response, CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();
        var last = to ?? TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow()).Day;
        var first = from ?? (last > Earliest.AddMonths(DefaultMonths) ? last.AddMonths(-DefaultMonths) : Earliest);
        if (first > last || last.DayNumber - first.DayNumber > MaximumDays)
            return Problems.InvalidSpan(MaximumDays);

        var lookup = await cache.GetOrCreateLookupAsync(
            KeyOf(keys, code, first, last),
            (context, token) => source.GetHistoryAsync(code, first, last, context, token),
            cancellationToken: cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } history)
            return Problems.UnknownStock(code.Value);
        return TypedResults.Ok(history);
    }

    /// <summary><c>stock_price:7203:history:2025-01-01:2025-06-30</c>: lives and is invalidated as the stock's prices are.</summary>
    public static string KeyOf(CacheKeyBuilder keys, StockCode code, DateOnly from, DateOnly to) => keys.Build(
        CacheDataType.StockPrice, code.Value, "history",
        from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
