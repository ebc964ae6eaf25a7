using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
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
        string ticker, string? category, INews news, HttpResponse response, CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();
        if (NewsCategory.Find(category) is not { } asked)
            return Problems.UnknownName("category", [NewsCategory.Any, .. NewsCategory.All]);

        var lookup = await news.GetAsync(code, asked, cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } found)
            return Problems.UnknownStock(code.Value);
        return TypedResults.Ok(found);
    }
}
