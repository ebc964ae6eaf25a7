using System.Collections.Concurrent;
using Kessan.MarketApi.Exchange;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>The synthetic prices of all built-in stocks, each computed when it is first asked for. Safe for concurrent use.</summary>
internal sealed class SyntheticMarket(IOptions<BuiltInOptions> options)
{
    private readonly ulong _seed = options.Value.Seed;
    private readonly ConcurrentDictionary<StockCode, SyntheticSeries> _series = new();

    /// <summary>The prices of a stock; <see langword="null"/> if it is not in the data set.</summary>
    public SyntheticSeries? Series(StockCode code) => BuiltInListing.Find(code) is { } stock
        ? _series.GetOrAdd(code, static (_, made) => new SyntheticSeries(made.stock, made.seed), (stock, seed: _seed))
        : null;
}
