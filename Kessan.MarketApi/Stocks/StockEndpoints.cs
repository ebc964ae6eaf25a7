using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Stocks;

/// <summary>Finding stocks.</summary>
internal static class StockEndpoints
{
    public static RouteGroupBuilder MapStocks(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks").WithTags("Stocks");
        group.MapGet("/", SearchAsync).WithName("SearchStocks")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<Ok<StockMatches>, ProblemHttpResult>> SearchAsync(
        string? query, KessanHybridCache cache, CacheKeyBuilder keys, IStockDirectory stocks, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (query?.Length > StockSearch.MaximumQueryLength)
            return Problems.TooLong("query", StockSearch.MaximumQueryLength);

        var asked = StockSearch.Normalize(query);
        var lookup = await cache.GetOrCreateLookupAsync(
            keys.StockSearch(asked),
            async (_, token) => StockSearch.Find(await stocks.ListAsync(token), asked),
            cancellationToken: cancellationToken);
        CacheHeaders.Write(response, lookup);
        return TypedResults.Ok(lookup.Value!);
    }
}
