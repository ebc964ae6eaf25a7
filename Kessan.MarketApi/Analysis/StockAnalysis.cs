using System.Collections.Immutable;
using System.ComponentModel;

namespace Kessan.MarketApi.Analysis;

/// <summary>An analysis of a stock. Immutable.</summary>
/// <param name="Ticker">The code.</param>
/// <param name="Kind">Which kind of analysis.</param>
/// <param name="AsOf">The last day that it takes in.</param>
/// <param name="Close">The close of that day, in yen.</param>
/// <param name="Indicators">The computed figures.</param>
/// <param name="Outlook"><c>bullish</c>, <c>neutral</c> or <c>bearish</c>: how many of the rules in <paramref name="Summary"/> point where.</param>
/// <param name="Summary">What the figures say, by rule.</param>
/// <param name="Commentary">What a language model says about them; <see langword="null"/> if none is configured or it failed.</param>
/// <param name="Model">The model that said it.</param>
[ImmutableObject(true)]
internal sealed record StockAnalysis(
    string Ticker,
    string Kind,
    DateOnly AsOf,
    decimal Close,
    ImmutableArray<Indicator> Indicators,
    string Outlook,
    string Summary,
    string? Commentary,
    string? Model);
