using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.JQuants;

/// <summary>Daily prices from J-Quants; the latest one is the close of the latest published day.</summary>
internal sealed class JQuantsPriceSource(
    JQuantsClient client, DaySheets sheets, [FromKeyedServices(MarketOptions.JQuants)] IStockDirectory stocks) : IPriceSource
{
    public async ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CancellationToken cancellationToken)
    {
        if (date is { } day)
        {
            return day > sheets.LatestDay() ? null : (await GetBarsAsync(code, day, day, cancellationToken))
                .Find(bar => bar.Date == day)?.ToFinalPrice(code, previousClose: null);
        }

        var (latest, before) = await sheets.LatestAsync(cancellationToken);
        return ToPrice(code, latest, before);
    }

    public async ValueTask<IReadOnlyDictionary<StockCode, StockPrice>> GetLatestAsync(
        IReadOnlyCollection<StockCode> codes, CancellationToken cancellationToken)
    {
        var (latest, before) = await sheets.LatestAsync(cancellationToken);
        var prices = new Dictionary<StockCode, StockPrice>();
        foreach (var code in codes)
        {
            if (ToPrice(code, latest, before) is { } price)
                prices[code] = price;
        }
        return prices;
    }

    public async ValueTask<PriceHistory?> GetHistoryAsync(StockCode code, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        // Days that the subscription does not have yet are an error there, not an empty answer.
        var last = to < sheets.LatestDay() ? to : sheets.LatestDay();
        var bars = from > last ? [] : await GetBarsAsync(code, from, last, cancellationToken);
        return bars.Count > 0 || await stocks.FindAsync(code, cancellationToken) is not null
            ? new PriceHistory(code.Value, from, to, [.. bars.OrderBy(bar => bar.Date)])
            : null;
    }

    private async ValueTask<List<DailyBar>> GetBarsAsync(StockCode code, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var rows = await client.GetAsync<QuoteRow>(
            "equities/bars/daily",
            $"code={code.FiveCharacters}&from={JQuantsDate.Format(from)}&to={JQuantsDate.Format(to)}",
            cancellationToken);
        return [.. rows.Select(row => row.ToBar()).OfType<DailyBar>()];
    }

    private static StockPrice? ToPrice(StockCode code, DaySheet latest, DaySheet before)
    {
        // A stock without a trade on the latest day has its price of the day before, if it has one.
        if (latest.Find(code.Value) is not { } row)
            return before.Find(code.Value)?.Bar.ToFinalPrice(code, previousClose: null);
        return row.Bar.ToFinalPrice(code, before.Find(code.Value)?.Bar.Close * row.AdjustmentFactor);
    }
}
