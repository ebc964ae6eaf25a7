using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>Prices of the built-in data set: up to the present minute of a session, or of a whole day that is over.</summary>
internal sealed class BuiltInPriceSource(SyntheticMarket market, SourceWeather weather, TimeProvider timeProvider) : IPriceSource
{
    private static readonly TokyoMarketCalendar Calendar = new();

    public async ValueTask<StockPrice?> GetPriceAsync(StockCode code, DateOnly? date, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        return Read(code, date);
    }

    private StockPrice? Read(StockCode code, DateOnly? date)
    {
        if (market.Series(code) is not { } series)
            return null;

        var (today, time) = TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow());
        // Before the first trade of a day the latest price is the close of the day before.
        var latest = Calendar.TradingDayOnOrBefore(time < TradingSession.Open ? today.AddDays(-1) : today);
        var day = date ?? latest;
        if (day > latest)
            return null;

        var minutes = day == today ? TradingSession.MinutesBegun(time) : TradingSession.Minutes.Count;
        return series.Day(day, minutes) is { } traded ? ToPrice(code, traded) : null;
    }

    private static StockPrice ToPrice(StockCode code, SyntheticDay day) => new(
        code.Value, day.Date, day.Open, day.High, day.Low, day.Close, day.PreviousClose, day.Volume,
        TokyoMarketCalendar.At(day.Date, TradingSession.Minutes[day.Minutes - 1]),
        IsFinal: day.Minutes == TradingSession.Minutes.Count);
}
