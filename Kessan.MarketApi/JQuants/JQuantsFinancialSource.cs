using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Financials;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.JQuants;

/// <summary>Statements from J-Quants: the latest disclosed one of a period. A correction is disclosed later, so it wins.</summary>
internal sealed class JQuantsFinancialSource(IStatementSheets sheets) : IFinancialSource
{
    public async ValueTask<CacheLookup<FinancialStatement?>> GetAsync(StockCode code, ReportingPeriod period, CancellationToken cancellationToken)
    {
        var sheet = await sheets.GetAsync(code, cancellationToken);
        var latest = sheet.Fresh().Statements
            .Where(statement => period.Quarter == 4 ? statement.Period == "FY" : statement.Period == period.Period)
            .OrderBy(statement => statement.PeriodEnd).ThenBy(statement => statement.DisclosedOn)
            .LastOrDefault();
        return CacheLookup.Of(latest is null ? null : latest with { Kind = period.Kind, Period = period.Period }, holdsFor: sheet.TimeLeft);
    }
}
