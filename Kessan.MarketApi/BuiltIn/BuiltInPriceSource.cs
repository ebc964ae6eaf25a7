using Kessan.Caching;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>Prices of the built-in data set: up to the present minute of a session, or of a whole day that is over.</summary>
internal sealed class BuiltInPriceSource(SyntheticMarket market, SourceWeather weather) : IPriceSource
{
    public async ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CacheFillContext context, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        return market.Day(code, date) is { } day ? ToPrice(code, day) : null;
    }

    public async ValueTask<IReadOnlyDictionary<StockCode, StockPrice>> GetLatestAsync(
        IReadOnlyCollection<StockCode> codes, CacheFillContext context, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        var prices = new Dictionary<StockCode, StockPrice>();
        foreach (var code in codes)
        {
            if (market.Day(code) is { } day)
                prices[code] = ToPrice(code, day);
        }
        return prices;
    }

    public async ValueTask<PriceHistory?> GetHistoryAsync(
        StockCode code, DateOnly from, DateOnly to, CacheFillContext context, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        return market.Days(code, from, to) is { } days
            ? new PriceHistory(code.Value, from, to, [.. days.Select(ToBar)])
            : null;
    }

    private static StockPrice ToPrice(StockCode code, SyntheticDay day) => new(
        code.Value, day.Date, day.Open, day.High, day.Low, day.Close, day.PreviousClose, day.Volume,
        SyntheticMarket.AsOf(day), day.IsOver);

    private static DailyBar ToBar(SyntheticDay day) => new(day.Date, day.Open, day.High, day.Low, day.Close, day.Volume);
}
