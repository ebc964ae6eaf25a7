using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Stocks;

/// <summary>Finding stocks, and forgetting what is cached of one.</summary>
internal static class StockEndpoints
{
    public static RouteGroupBuilder MapStocks(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks").WithTags("Stocks");
        group.MapGet("/", SearchAsync).WithName("SearchStocks")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/{ticker}/refresh", RefreshAsync).WithName("RefreshStock")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
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

    private static async Task<Results<Ok<RefreshAnswer>, Accepted<RefreshAnswer>, ProblemHttpResult>> RefreshAsync(
        string ticker, CacheManager cache, IStockDirectory stocks, CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();

        var answer = new RefreshAnswer(code.Value, await cache.InvalidateStockAsync(code.Value, cancellationToken));
        if (answer.Invalidated == 0 && await stocks.FindAsync(code, cancellationToken) is null)
            return Problems.UnknownStock(code.Value);
        return answer.Invalidated is null ? TypedResults.Accepted((string?)null, answer) : TypedResults.Ok(answer);
    }
}
