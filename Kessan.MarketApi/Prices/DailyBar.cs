using System.ComponentModel;

namespace Kessan.MarketApi.Prices;

/// <summary>A day's trading of a stock, in yen and shares. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record DailyBar(DateOnly Date, decimal Open, decimal High, decimal Low, decimal Close, long Volume);
