using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Kessan.MarketApi.Stocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.News;

/// <summary>News about a stock.</summary>
internal static class NewsEndpoints
{
    public static RouteGroupBuilder MapNews(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks/{ticker}/news").WithTags("News");
        group.MapGet("/", GetNewsAsync).WithName("GetNews")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<Ok<StockNews>, ProblemHttpResult>> GetNewsAsync(
        string ticker, string? category, KessanHybridCache cache, CacheKeyBuilder keys, INewsSource source, IStockDirectory stocks,
        HttpResponse response, CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();
        if (NewsCategory.Find(category) is not { } asked)
            return Problems.UnknownName("category", [NewsCategory.Any, .. NewsCategory.All]);

        var lookup = await cache.GetOrCreateLookupAsync(
            keys.NewsData(code.Value, asked),
            async (context, token) => await stocks.FindAsync(code, token) is { } stock ? await source.GetAsync(stock, asked, context, token) : null,
            cancellationToken: cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } news)
            return Problems.UnknownStock(code.Value);
        return TypedResults.Ok(news);
    }
}
