using System.Collections.Immutable;
using System.ComponentModel;

namespace Kessan.MarketApi.Stocks;

/// <summary>What a search found. Immutable.</summary>
/// <param name="Query">What was asked for.</param>
/// <param name="Total">How many stocks match.</param>
/// <param name="Stocks">The first of them.</param>
[ImmutableObject(true)]
internal sealed record StockMatches(string Query, int Total, ImmutableArray<Stock> Stocks);
