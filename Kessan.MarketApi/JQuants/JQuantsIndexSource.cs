using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Markets;

namespace Kessan.MarketApi.JQuants;

/// <summary>TOPIX from J-Quants, which every subscription has; the Nikkei average is not the exchange's.</summary>
internal sealed class JQuantsIndexSource(JQuantsClient client, DaySheets sheets) : IIndexSource
{
    private const string Topix = "topix";
    private const int Days = 14; // over the longest holidays there are two trading days in it

    public IReadOnlyList<string> Ids { get; } = [Topix];

    public async ValueTask<MarketIndex?> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (id != Topix)
            return null;

        var to = sheets.LatestDay();
        var rows = await client.GetAsync<QuoteRow>(
            "indices/bars/daily/topix", $"from={JQuantsDate.Format(to.AddDays(-Days))}&to={JQuantsDate.Format(to)}", cancellationToken);
        var bars = rows.Select(row => row.ToBar()).OfType<Prices.DailyBar>().OrderBy(bar => bar.Date).ToList();
        return bars.Count == 0 ? null : new MarketIndex(
            Topix, "TOPIX", bars[^1].Date, bars[^1].Close, bars.Count > 1 ? bars[^2].Close : null,
            TokyoMarketCalendar.At(bars[^1].Date, TradingSession.Close), IsFinal: true);
    }
}
