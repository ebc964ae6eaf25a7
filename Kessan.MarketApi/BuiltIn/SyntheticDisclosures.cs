using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>
/// When a built-in company publishes a period's results: about as late as the exchange allows (45 days), each on a trading day of its own,
/// the same for the same seed, stock and period. Safe for concurrent use.
/// </summary>
internal sealed class SyntheticDisclosures(IOptions<BuiltInOptions> options) : IEarningsCalendar
{
    private const int EarliestAfterDays = 30;
    private const int SpreadDays = 15;

    // As most companies do since trading goes on until then.
    private static readonly TimeOnly PublishedAt = new(15, 30);

    // By rule, as the prices are.
    private static readonly TokyoMarketCalendar Calendar = new();

    /// <summary>The day on which a company publishes the results of a quarter.</summary>
    public DateOnly DayOf(StockCode code, DateOnly quarterEnd)
    {
        var random = new SplitMix64(SplitMix64.Mix(
            [options.Value.Seed, (ulong)quarterEnd.DayNumber, .. code.Value.Select(character => (ulong)character)]));
        return Calendar.NextTradingDay(quarterEnd.AddDays(EarliestAfterDays - 1 + (int)(random.NextDouble() * SpreadDays)));
    }

    /// <summary>Whether the results of a quarter are out.</summary>
    public bool IsPublished(StockCode code, DateOnly quarterEnd, DateTimeOffset now) =>
        now >= TokyoMarketCalendar.At(DayOf(code, quarterEnd), PublishedAt);

    /// <inheritdoc/>
    public bool Announces(string ticker, DateOnly day)
    {
        // Two months after a quarter's end all of its results are out, so that only the latest one can be meant.
        var quarterEnd = new DateOnly(day.Year, day.Month - ((day.Month - 1) % 3), 1).AddDays(-1);
        return StockCode.TryParse(ticker, out var code) && BuiltInListing.Find(code) is not null && DayOf(code, quarterEnd) == day;
    }
}
