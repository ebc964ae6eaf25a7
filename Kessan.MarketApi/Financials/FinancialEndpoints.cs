using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Kessan.MarketApi.Stocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Financials;

/// <summary>Financial statements of a stock.</summary>
internal static class FinancialEndpoints
{
    public static RouteGroupBuilder MapFinancials(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/stocks/{ticker}/financials").WithTags("Financials");
        group.MapGet("/{kind}/{period}", GetStatementAsync).WithName("GetFinancials")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<Ok<FinancialStatement>, ProblemHttpResult>> GetStatementAsync(
        string ticker, string kind, string period, IFinancials financials, IStockDirectory stocks, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (!StockCode.TryParse(ticker, out var code))
            return Problems.InvalidStockCode();
        if (!ReportingPeriod.TryParse(kind, period, out var asked))
            return Problems.UnknownName("period", ["quarterly/Q1 to quarterly/Q4", "annual/FY"]);

        var lookup = await financials.GetAsync(code, asked.Kind, asked.Period, cancellationToken);
        CacheHeaders.Write(response, lookup);
        if (lookup.Value is not { } statement)
            return await stocks.ExplainMissingAsync(code, Problems.NoStatement(code.Value), cancellationToken);
        return TypedResults.Ok(statement);
    }
}
