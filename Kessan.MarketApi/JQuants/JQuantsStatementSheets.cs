using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Financials;

namespace Kessan.MarketApi.JQuants;

/// <summary>Reads statements from J-Quants.</summary>
internal sealed class JQuantsStatementSheets(JQuantsClient client) : IStatementSheets
{
    public async ValueTask<CacheLookup<StatementSheet>> GetAsync(StockCode code, CancellationToken cancellationToken)
    {
        var rows = await client.GetAsync<StatementRow>("fins/summary", $"code={code.FiveCharacters}", cancellationToken);
        return CacheLookup.Of(new StatementSheet([.. rows.Select(row => ToStatement(row, code)).OfType<FinancialStatement>()]));
    }

    private static FinancialStatement? ToStatement(StatementRow row, StockCode code)
    {
        if (PeriodOf(row.PeriodType) is not { } period
            || !JQuantsDate.TryParse(row.PeriodStart, out var start) || !JQuantsDate.TryParse(row.PeriodEnd, out var end)
            || !JQuantsDate.TryParse(row.DisclosedOn, out var disclosed))
            return null;
        // A row that only revises the forecast or the dividend has no results.
        if (row.Sales is null && row.NetProfit is null)
            return null;
        return new FinancialStatement(
            code.Value, period.Kind, period.Period, start, end, disclosed, row.Sales, row.OperatingProfit, row.NetProfit, row.EarningsPerShare);
    }

    // The fourth quarter is reported as the year.
    private static ReportingPeriod? PeriodOf(string? type) => type switch
    {
        "1Q" or "2Q" or "3Q" => ReportingPeriod.TryParse("quarterly", $"Q{type[0]}", out var quarter) ? quarter : null,
        "4Q" or "FY" => ReportingPeriod.TryParse("annual", "FY", out var year) ? year : null,
        _ => null,
    };
}
