using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Kessan.MarketApi.Stocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Prices;

/// <summary>The price of a stock.</summary>
internal static class PriceEndpoints
{
    public static RouteGroupBuilder MapPrices(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks").WithTags("Prices");
        group.MapGet("/{ticker}/price", GetPriceAsync).WithName("GetPrice")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<Ok<StockPrice>, ProblemHttpResult>> GetPriceAsync(
        string ticker, DateOnly? date, IStockDirectory stocks, IPriceSource source, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();
        if (await stocks.FindAsync(code, cancellationToken) is null)
            return Problems.UnknownStock(code.Value);

        var price = await source.GetPriceAsync(code, date, cancellationToken);
        if (price is null)
            return Problems.NoPrice(code.Value, date);
        CacheHeaders.Write(response, new CacheLookup<StockPrice>(true, price, CacheLayer.Source, default, default, false, 0));
        return TypedResults.Ok(price);
    }
}
