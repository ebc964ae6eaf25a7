using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.JQuants;

/// <summary>All listed stocks, in the order of their codes. Immutable.</summary>
[ImmutableObject(true)]
[JsonConverter(typeof(StockListingConverter))]
internal sealed record StockListing(ImmutableArray<Stock> Stocks)
{
    /// <summary>The stock with a code.</summary>
    public Stock? Find(string ticker)
    {
        var (low, high) = (0, Stocks.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(Stocks[middle].Ticker, ticker);
            if (order == 0)
                return Stocks[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return null;
    }
}
