using System.ComponentModel;

namespace Kessan.MarketApi.Analysis;

/// <summary>One figure of an analysis. Immutable.</summary>
/// <param name="Name">What it is: <c>sma</c>, <c>ema</c>, <c>rsi</c>, <c>volatility</c> or <c>momentum</c>.</param>
/// <param name="Window">Over how many trading days.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit"><c>jpy</c>, <c>percent</c> or <c>index</c> (0 to 100).</param>
/// <param name="Method">The formula and where it stands.</param>
[ImmutableObject(true)]
internal sealed record Indicator(string Name, int Window, double Value, string Unit, string Method);
