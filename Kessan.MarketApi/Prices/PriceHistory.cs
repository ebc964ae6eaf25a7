using System.Collections.Immutable;
using System.ComponentModel;

namespace Kessan.MarketApi.Prices;

/// <summary>The trading days of a stock in a span of time, oldest first; days without a trade are left out. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record PriceHistory(string Ticker, DateOnly From, DateOnly To, ImmutableArray<DailyBar> Bars);
