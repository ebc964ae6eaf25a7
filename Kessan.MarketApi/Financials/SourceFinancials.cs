using Kessan.Caching;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.Financials;

/// <summary>Statements from the source that was chosen.</summary>
internal sealed class SourceFinancials(IFinancialSource source) : IFinancials
{
    public ValueTask<CacheLookup<FinancialStatement?>> GetAsync(
        StockCode code, string kind, string period, CancellationToken cancellationToken) =>
        ReportingPeriod.TryParse(kind, period, out var asked)
            ? source.GetAsync(code, asked, cancellationToken)
            : throw new ArgumentException("There is no such period.", nameof(period));
}
