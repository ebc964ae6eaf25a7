using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>
/// The synthetic prices of one stock: a walk minute by minute that is pulled back to the stock's level, trades on ticks only and stays
/// within each day's price limit. The same for the same seed and day, whatever was asked before. Safe for concurrent use.
/// </summary>
internal sealed class SyntheticSeries
{
    /// <summary>Before this day there are no prices.</summary>
    public static readonly DateOnly FirstDay = new(2023, 1, 4);

    private const double OvernightShare = 0.4; // of a day's deviation; the rest is spread over the session
    private const double PullPerDay = 0.02;    // how much of the way back to the level a day goes
    private const long Lot = 100;

    // By rule, without the exceptions that a file may name: the prices may depend on nothing but the seed and the day.
    private static readonly TokyoMarketCalendar Calendar = new();

    private readonly BuiltInStock _stock;
    private readonly ulong _seed;
    private readonly Lock _gate = new();
    private readonly List<SyntheticDay> _days = [];
    private DateOnly _next = FirstDay;

    public SyntheticSeries(BuiltInStock stock, ulong seed)
    {
        _stock = stock;
        _seed = SplitMix64.Mix([seed, .. stock.Code.Value.Select(character => (ulong)character)]);
    }

    /// <summary>The whole trading days from one day to another, both included.</summary>
    public IReadOnlyList<SyntheticDay> Days(DateOnly from, DateOnly to)
    {
        lock (_gate)
        {
            WalkTo(to);
            var first = _days.FindIndex(day => day.Date >= from);
            var last = _days.FindLastIndex(day => day.Date <= to);
            return first < 0 || last < first ? [] : _days.GetRange(first, last - first + 1);
        }
    }

    /// <summary>A trading day up to a minute of its session; <see langword="null"/> if nothing trades that day.</summary>
    /// <param name="date">The day.</param>
    /// <param name="minutes">How many minutes have happened, at least one; all of them or more for the whole day.</param>
    public SyntheticDay? Day(DateOnly date, int minutes)
    {
        if (date < FirstDay || !Calendar.IsTradingDay(date))
            return null;
        decimal previousClose;
        lock (_gate)
        {
            WalkTo(date);
            var index = _days.FindLastIndex(day => day.Date == date);
            if (minutes >= TradingSession.Minutes.Count)
                return _days[index];
            previousClose = _days[index].PreviousClose;
        }
        return Walk(date, previousClose, minutes);
    }

    private void WalkTo(DateOnly date)
    {
        for (; _next <= date; _next = _next.AddDays(1))
        {
            if (Calendar.IsTradingDay(_next))
                _days.Add(Walk(_next, _days.Count == 0 ? _stock.Level : _days[^1].Close, TradingSession.Minutes.Count));
        }
    }

    private SyntheticDay Walk(DateOnly date, decimal previousClose, int minutes)
    {
        var random = new SplitMix64(SplitMix64.Mix(_seed, (ulong)date.DayNumber));
        var (lowest, highest) = DailyPriceLimit.Range(previousClose, _stock.IsTopix500);
        var (floor, ceiling) = (Math.Log((double)lowest), Math.Log((double)highest));
        var pull = PullPerDay * Math.Log((double)(_stock.Level / previousClose));
        var overnight = _stock.DailyVolatility * Math.Sqrt(OvernightShare);
        var perMinute = _stock.DailyVolatility * Math.Sqrt((1 - OvernightShare) / TradingSession.Minutes.Count);
        var usualVolume = _stock.DailyVolume * Math.Exp(0.35 * random.NextNormal()) / TradingSession.Minutes.Count;

        // The walk goes in logarithms and finer than a tick, or a cheap stock with coarse ticks would never move. Rounding to ticks
        // keeps the order of prices and the limits are on ticks, so it is enough to round at the end.
        var now = Math.Clamp(Math.Log((double)previousClose) + pull + (overnight * random.NextNormal()), floor, ceiling);
        var (open, high, low, volume) = (now, now, now, 0.0);
        for (var minute = 0; minute < minutes; minute++)
        {
            if (minute > 0)
                now = Math.Clamp(now + (perMinute * random.NextNormal()), floor, ceiling);
            high = Math.Max(high, now);
            low = Math.Min(low, now);
            volume += usualVolume * (0.5 + random.NextDouble());
        }
        return new SyntheticDay(
            date, previousClose, Price(open), Price(high), Price(low), Price(now), (long)(volume / Lot) * Lot, minutes);

        decimal Price(double logarithm) =>
            Math.Clamp(TickTable.Nearest((decimal)Math.Exp(logarithm), _stock.IsTopix500), lowest, highest);
    }
}
