using System.ComponentModel;

namespace Kessan.MarketApi.Stocks;

/// <summary>A listed stock. Immutable.</summary>
/// <param name="Ticker">The code, as <see cref="Exchange.StockCode"/> writes it.</param>
/// <param name="Name">The English name.</param>
/// <param name="NameJapanese">The Japanese name.</param>
/// <param name="Sector">The sector of the exchange's 33.</param>
/// <param name="Segment">Prime, Standard or Growth.</param>
[ImmutableObject(true)]
internal sealed record Stock(string Ticker, string Name, string NameJapanese, string Sector, string Segment);
