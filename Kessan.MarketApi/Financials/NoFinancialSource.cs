using Kessan.Caching;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Financials;

/// <summary>No statements: for sources that have none.</summary>
internal sealed class NoFinancialSource : IFinancialSource
{
    public ValueTask<CacheLookup<FinancialStatement?>> GetAsync(StockCode code, ReportingPeriod period, CancellationToken cancellationToken) =>
        ValueTask.FromResult(CacheLookup.Of<FinancialStatement?>(null));
}
