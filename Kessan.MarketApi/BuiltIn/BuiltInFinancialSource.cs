using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Financials;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>Invented figures for fiscal years from April to March, the same for the same seed, stock and period.</summary>
internal sealed class BuiltInFinancialSource(
    IOptions<BuiltInOptions> options, SourceWeather weather, SyntheticDisclosures disclosures, TimeProvider timeProvider) : IFinancialSource
{
    private const decimal Million = 1_000_000;
    private static readonly DateOnly FirstFiscalYear = new(2020, 4, 1);

    public async ValueTask<CacheLookup<FinancialStatement?>> GetAsync(StockCode code, ReportingPeriod period, CancellationToken cancellationToken)
    {
        await weather.PassAsync(cancellationToken);
        return CacheLookup.Of(BuiltInListing.Find(code) is { } stock ? Latest(stock, period) : null);
    }

    private FinancialStatement Latest(BuiltInStock stock, ReportingPeriod period)
    {
        var now = timeProvider.GetUtcNow();
        var start = new DateOnly(TokyoMarketCalendar.InTokyo(now).Day.Year, 4, 1);
        while (!disclosures.IsPublished(stock.Code, EndOf(start), now))
            start = start.AddYears(-1);

        var end = EndOf(start);
        // Yearly revenue grows by a few percent a year; the quarters of a year are not equal.
        var years = start.Year - FirstFiscalYear.Year;
        var random = new SplitMix64(SplitMix64.Mix(options.Value.Seed, (ulong)stock.Level, (ulong)start.Year));
        var yearly = stock.Level * stock.DailyVolume * 30 * (decimal)Math.Pow(1.03, years);
        var revenue = 0m;
        for (var quarter = 1; quarter <= period.Quarter; quarter++)
            revenue += yearly / 4 * (decimal)(0.9 + (0.2 * random.NextDouble()));
        var operatingMargin = 0.08m + (0.08m * (decimal)random.NextDouble());

        return new FinancialStatement(
            stock.Listing.Ticker, period.Kind, period.Period, start, end, disclosures.DayOf(stock.Code, end),
            ToMillion(revenue), ToMillion(revenue * operatingMargin), ToMillion(revenue * operatingMargin * 0.7m),
            Math.Round(stock.Level * operatingMargin * period.Quarter / 6, 2));

        DateOnly EndOf(DateOnly yearStart) => yearStart.AddMonths(3 * period.Quarter).AddDays(-1);
    }

    private static decimal ToMillion(decimal yen) => Math.Round(yen / Million) * Million;
}
