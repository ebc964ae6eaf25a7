using Kessan.Caching;
using Kessan.Caching.Keys;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Financials;

/// <summary>Financial statements, and where each came from.</summary>
internal interface IFinancials
{
    /// <summary>The latest published statement of a period: <c>financial_data:7203:quarterly:Q3</c>.</summary>
    [CacheResult(CacheDataType.FinancialData, Key = "{code}:{kind}:{period}")]
    ValueTask<CacheLookup<FinancialStatement?>> GetAsync(StockCode code, string kind, string period, CancellationToken cancellationToken);
}
