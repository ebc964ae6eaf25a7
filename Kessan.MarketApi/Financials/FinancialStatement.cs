using System.ComponentModel;

namespace Kessan.MarketApi.Financials;

/// <summary>The headline figures of a financial statement, in yen. Immutable.</summary>
/// <param name="Ticker">The code.</param>
/// <param name="Kind"><c>quarterly</c> or <c>annual</c>.</param>
/// <param name="Period">The quarter of the fiscal year, <c>Q1</c> to <c>Q4</c>, or <c>FY</c>.</param>
/// <param name="PeriodStart">The first day that the figures cover; within a fiscal year they are cumulative, as Japanese companies report.</param>
/// <param name="PeriodEnd">The last day.</param>
/// <param name="DisclosedOn">When the company published them.</param>
/// <param name="Revenue">Net sales.</param>
/// <param name="OperatingIncome">Operating profit.</param>
/// <param name="NetIncome">Profit attributable to owners.</param>
/// <param name="EarningsPerShare">In yen.</param>
[ImmutableObject(true)]
internal sealed record FinancialStatement(
    string Ticker,
    string Kind,
    string Period,
    DateOnly PeriodStart,
    DateOnly PeriodEnd,
    DateOnly DisclosedOn,
    decimal? Revenue,
    decimal? OperatingIncome,
    decimal? NetIncome,
    decimal? EarningsPerShare);
