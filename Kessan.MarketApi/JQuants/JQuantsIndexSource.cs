using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Markets;
namespace Kessan.MarketApi.JQuants;

/// <summary>TOPIX from J-Quants, which every subscription has; the Nikkei average is not the exchange's.</summary>
internal sealed class JQuantsIndexSource(JQuantsClient client, DaySheets sheets) : IIndexSource
{
    private const string Topix = "topix";
    private const int Days = 14; // over the longest holidays there are two trading days in it

    public IReadOnlyList<string> Ids { get; } = [Topix];

    public async ValueTask<MarketIndex?> GetAsync(string id, CacheFillContext context, CancellationToken cancellationToken)
    {
        if (id != Topix)
            return null;

        var to = sheets.LatestDay();
        var rows = await client.GetAsync<QuoteRow>(
            "indices/bars/daily/topix", $"from={JQuantsDate.Format(to.AddDays(-Days))}&to={JQuantsDate.Format(to)}", cancellationToken);
        var bars = rows.Select(row => row.ToBar()).OfType<Prices.DailyBar>().OrderBy(bar => bar.Date).ToList();
        if (bars.Count == 0)
            return null;
        var last = bars[^1];
        sheets.HoldUntilPublished(last.Date, context);
        return new MarketIndex(
            Topix, "TOPIX", last.Date, last.Close, bars.Count > 1 ? bars[^2].Close : null, TradingSession.CloseOf(last.Date), IsFinal: true);
    }
}
