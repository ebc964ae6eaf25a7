using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.Csv;

/// <summary>What a file of daily bars holds.</summary>
/// <param name="Bars">The bars with their stocks, in the file's order.</param>
/// <param name="BadRows">How many rows made no sense.</param>
/// <param name="FirstBadRow">The line of the first of them; 0: there is none.</param>
internal sealed record BarFileContent(IReadOnlyList<(StockCode Code, DailyBar Bar)> Bars, int BadRows, int FirstBadRow);
