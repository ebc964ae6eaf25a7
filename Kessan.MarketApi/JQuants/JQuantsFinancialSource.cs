using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Financials;

namespace Kessan.MarketApi.JQuants;

/// <summary>Statements from J-Quants: the latest disclosed one of a period. A correction is disclosed later, so it wins.</summary>
internal sealed class JQuantsFinancialSource(JQuantsClient client) : IFinancialSource
{
    public async ValueTask<FinancialStatement?> GetAsync(StockCode code, ReportingPeriod period, CancellationToken cancellationToken)
    {
        var rows = await client.GetAsync<StatementRow>("fins/summary", $"code={code.FiveCharacters}", cancellationToken);
        return rows
            .Select(row => ToStatement(row, code, period))
            .OfType<FinancialStatement>()
            .OrderBy(statement => statement.PeriodEnd).ThenBy(statement => statement.DisclosedOn)
            .LastOrDefault();
    }

    private static FinancialStatement? ToStatement(StatementRow row, StockCode code, ReportingPeriod period)
    {
        if (!IsOf(row.PeriodType, period)
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
    private static bool IsOf(string? type, ReportingPeriod period) =>
        period.Quarter == 4 ? type is "FY" or "4Q" : type == $"{period.Quarter}Q";
}
