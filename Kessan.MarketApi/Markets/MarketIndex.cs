using System.ComponentModel;

namespace Kessan.MarketApi.Markets;

/// <summary>An index of the market. Immutable.</summary>
/// <param name="Id">The name in addresses and keys.</param>
/// <param name="Name">The name for people.</param>
/// <param name="Date">The trading day.</param>
/// <param name="Value">The last value so far.</param>
/// <param name="PreviousClose">The last value of the trading day before, if the source knows it.</param>
/// <param name="AsOf">When the last value was made.</param>
/// <param name="IsFinal">Whether the day is over.</param>
[ImmutableObject(true)]
internal sealed record MarketIndex(
    string Id, string Name, DateOnly Date, decimal Value, decimal? PreviousClose, DateTimeOffset AsOf, bool IsFinal);
