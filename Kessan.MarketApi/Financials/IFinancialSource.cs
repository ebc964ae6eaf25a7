using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.Financials;

/// <summary>Where financial statements come from. Safe for concurrent use; throws <see cref="SourceException"/> if it cannot be asked.</summary>
internal interface IFinancialSource
{
    /// <summary>The latest published statement of a period.</summary>
    /// <returns>How long it holds, where the source knows it; <see langword="null"/>: the source has none.</returns>
    ValueTask<CacheLookup<FinancialStatement?>> GetAsync(StockCode code, ReportingPeriod period, CancellationToken cancellationToken);
}
