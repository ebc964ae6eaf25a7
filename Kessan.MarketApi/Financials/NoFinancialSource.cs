using Kessan.Caching;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Financials;

/// <summary>No statements: for sources that have none.</summary>
internal sealed class NoFinancialSource : IFinancialSource
{
    public ValueTask<FinancialStatement?> GetAsync(StockCode code, ReportingPeriod period, CacheFillContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<FinancialStatement?>(null);
}
