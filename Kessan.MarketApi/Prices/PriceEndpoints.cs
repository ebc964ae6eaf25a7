using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Kessan.MarketApi.Stocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Prices;

/// <summary>Prices of one stock and of many.</summary>
internal static class PriceEndpoints
{
    private const int MaximumTickers = 100;

    public static RouteGroupBuilder MapPrices(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks").WithTags("Prices")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/{ticker}/price", GetPriceAsync).WithName("GetPrice").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/prices", GetPricesAsync).WithName("GetPrices");
        return group;
    }

    private static async Task<Results<Ok<StockPrice>, ProblemHttpResult>> GetPriceAsync(
        string ticker, DateOnly? date, KessanHybridCache cache, CacheKeyBuilder keys, IPriceSource source, IStockDirectory stocks,
        HttpResponse response, CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();

        var lookup = await cache.GetOrCreateLookupAsync(
            date is { } day ? keys.StockPrice(code.Value, day) : keys.StockPrice(code.Value),
            (context, token) => source.GetPriceAsync(code, date, context, token),
            cancellationToken: cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } price)
            return await stocks.ExplainMissingAsync(code, Problems.NoPrice(code.Value, date), cancellationToken);
        return TypedResults.Ok(price);
    }

    private static async Task<Results<Ok<PriceBoard>, ProblemHttpResult>> GetPricesAsync(
        string tickers, KessanHybridCache cache, CacheKeyBuilder keys, IPriceSource source, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var asked = tickers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (asked.Length is 0 or > MaximumTickers)
            return Problems.TickerCount(MaximumTickers);
        var codes = new Dictionary<string, StockCode>();
        foreach (var ticker in asked)
        {
            if (!StockCode.TryParse(ticker, out var code))
                return Problems.InvalidStockCode();
            codes[keys.StockPrice(code.Value)] = code;
        }

        var lookups = await cache.GetOrCreateManyAsync(
            codes.Keys,
            async (missing, context, token) => await AskAsync(source, missing, codes, context, token),
            cancellationToken: cancellationToken);
        CacheHeaders.Write(response, lookups.Values);
        return TypedResults.Ok(PriceBoard.From(codes, lookups));
    }

    private static async ValueTask<IReadOnlyDictionary<string, StockPrice?>> AskAsync(
        IPriceSource source, IReadOnlyList<string> keys, Dictionary<string, StockCode> codes, CacheFillContext context,
        CancellationToken cancellationToken)
    {
        var prices = await source.GetLatestAsync([.. keys.Select(key => codes[key])], context, cancellationToken);
        // That there is none is remembered too, as for a single one.
        return keys.ToDictionary(key => key, key => prices.GetValueOrDefault(codes[key]));
    }
}
