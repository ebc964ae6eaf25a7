using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Kessan.MarketApi.Stocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Analysis;

/// <summary>Analyses of a stock.</summary>
internal static class AnalysisEndpoints
{
    public static RouteGroupBuilder MapAnalysis(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks/{ticker}/analysis").WithTags("Analysis");
        group.MapGet("/{kind}", GetAnalysisAsync).WithName("GetAnalysis")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<Ok<StockAnalysis>, ProblemHttpResult>> GetAnalysisAsync(
        string ticker, string kind, KessanHybridCache cache, CacheKeyBuilder keys, Analyst analyst, IStockDirectory stocks,
        HttpResponse response, CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();
        if (AnalysisKind.Find(kind) is not { } asked)
            return Problems.UnknownName("kind", AnalysisKind.All.Select(known => known.Name));

        var lookup = await cache.GetOrCreateLookupAsync(
            keys.AiAnalysis(code.Value, asked.Name),
            (context, token) => analyst.AnalyseAsync(code, asked, context, token),
            cancellationToken: cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } analysis)
            return await stocks.ExplainMissingAsync(code, Problems.NoPrice(code.Value, null), cancellationToken);
        return TypedResults.Ok(analysis);
    }
}
