using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.JQuants;

/// <summary>Daily prices from J-Quants; the latest one is the close of the latest published day.</summary>
internal sealed class JQuantsPriceSource(
    JQuantsClient client, DaySheets sheets, [FromKeyedServices(MarketOptions.JQuants)] IStockDirectory stocks) : IPriceSource
{
    public async ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CacheFillContext context, CancellationToken cancellationToken)
    {
        if (date is { } day)
        {
            return day > sheets.LatestDay() ? null : (await GetRowsAsync(code, day, day, cancellationToken))
                .Select(row => row.ToBar()).FirstOrDefault(bar => bar?.Date == day)?.ToFinalPrice(code, previousClose: null);
        }

        var (latest, before) = await sheets.LatestAsync(context, cancellationToken);
        return ToPrice(code, latest, before);
    }

    public async ValueTask<IReadOnlyDictionary<StockCode, StockPrice>> GetLatestAsync(
        IReadOnlyCollection<StockCode> codes, CacheFillContext context, CancellationToken cancellationToken)
    {
        var (latest, before) = await sheets.LatestAsync(context, cancellationToken);
        var prices = new Dictionary<StockCode, StockPrice>();
        foreach (var code in codes)
        {
            if (ToPrice(code, latest, before) is { } price)
                prices[code] = price;
        }
        return prices;
    }

    public async ValueTask<PriceHistory?> GetHistoryAsync(
        StockCode code, DateOnly from, DateOnly to, CacheFillContext context, CancellationToken cancellationToken)
    {
        // Days that the subscription does not have yet are an error there, not an empty answer.
        var last = to < sheets.LatestDay() ? to : sheets.LatestDay();
        var rows = from > last ? [] : await GetRowsAsync(code, from, last, cancellationToken);
        // A split would look like a fall of the price.
        List<DailyBar> bars = [.. rows.Select(row => row.ToAdjustedBar()).OfType<DailyBar>().OrderBy(bar => bar.Date)];
        if (bars.Count == 0 && await stocks.FindAsync(code, cancellationToken) is null)
            return null;
        if (bars.Count > 0 && last == sheets.LatestDay())
            sheets.HoldUntilPublished(bars[^1].Date, context);
        return new PriceHistory(code.Value, from, to, [.. bars]);
    }

    private ValueTask<List<QuoteRow>> GetRowsAsync(StockCode code, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        client.GetAsync<QuoteRow>(
            "equities/bars/daily",
            $"code={code.FiveCharacters}&from={JQuantsDate.Format(from)}&to={JQuantsDate.Format(to)}",
            cancellationToken);

    private static StockPrice? ToPrice(StockCode code, DaySheet latest, DaySheet before)
    {
        // A stock without a trade on the latest day has its price of the day before, if it has one.
        if (latest.Find(code.Value) is not { } row)
            return before.Find(code.Value)?.Bar.ToFinalPrice(code, previousClose: null);
        return row.Bar.ToFinalPrice(code, before.Find(code.Value)?.Bar.Close * row.AdjustmentFactor);
    }
}
