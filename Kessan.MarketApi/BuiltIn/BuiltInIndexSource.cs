using Kessan.Caching;
using Kessan.MarketApi.Markets;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>
/// Indices that are computed from the built-in stocks, so that they move with them: one weighted by price, one by equal shares.
/// Names are real, values are not.
/// </summary>
internal sealed class BuiltInIndexSource(SyntheticMarket market, SourceWeather weather) : IIndexSource
{
    private const decimal NikkeiLevel = 40_000;
    private const decimal TopixLevel = 2_800;

    public IReadOnlyList<string> Ids { get; } = ["nikkei225", "topix"];

    public async ValueTask<MarketIndex?> GetAsync(string id, CacheFillContext context, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        return id switch
        {
            "nikkei225" => Compute(id, "Nikkei 225 (synthetic)", NikkeiLevel, weight: static _ => 1),
            "topix" => Compute(id, "TOPIX (synthetic)", TopixLevel, weight: static stock => 1 / stock.Level),
            _ => null,
        };
    }

    private MarketIndex? Compute(string id, string name, decimal level, Func<BuiltInStock, decimal> weight)
    {
        decimal atLevel = 0, now = 0, before = 0;
        SyntheticDay? latest = null;
        foreach (var stock in BuiltInListing.All)
        {
            if (market.Day(stock.Code) is not { } day)
                return null;
            latest = day;
            atLevel += weight(stock) * stock.Level;
            now += weight(stock) * day.Close;
            before += weight(stock) * day.PreviousClose;
        }
        return latest is null ? null : new MarketIndex(
            id, name, latest.Date, Math.Round(level * now / atLevel, 2), Math.Round(level * before / atLevel, 2),
            SyntheticMarket.AsOf(latest), latest.IsOver);
    }
}
