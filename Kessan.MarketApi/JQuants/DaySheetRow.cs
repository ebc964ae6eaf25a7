using System.ComponentModel;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.JQuants;

/// <summary>A stock's row of a <see cref="DaySheet"/>. Immutable.</summary>
/// <param name="Ticker">The code.</param>
/// <param name="Bar">The day's trading.</param>
/// <param name="AdjustmentFactor">What prices of the day before are multiplied by because of a split; 1 on most days.</param>
[ImmutableObject(true)]
internal sealed record DaySheetRow(string Ticker, DailyBar Bar, decimal AdjustmentFactor);
