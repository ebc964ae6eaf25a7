using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kessan.MarketApi.Stocks;

/// <summary>Why there is no answer about a stock. Only asked then: who has a price is listed.</summary>
internal static class MissingStock
{
    /// <summary>That the stock is unknown, or, if it is listed, <paramref name="otherwise"/>.</summary>
    public static async ValueTask<ProblemHttpResult> ExplainMissingAsync(
        this IStockDirectory stocks, StockCode code, ProblemHttpResult otherwise, CancellationToken cancellationToken) =>
        await stocks.FindAsync(code, cancellationToken) is null ? Problems.UnknownStock(code.Value) : otherwise;
}
