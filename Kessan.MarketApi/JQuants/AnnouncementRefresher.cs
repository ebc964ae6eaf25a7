using Kessan.Caching.Calendar;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Telemetry;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

/// <summary>
/// Asks J-Quants who announces results next: at start and when its calendar is updated, at 10:05 and 19:00. One request of the budget each
/// time. While it cannot be asked, what it said before counts, and it is asked again after a while.
/// </summary>
/// <remarks>
/// Only for whom it matters: with J-Quants as the source, the market calendar on, and statements that are not weeks old anyway.
/// </remarks>
internal sealed class AnnouncementRefresher(
    JQuantsClient client,
    Announcements announcements,
    IOptions<MarketOptions> market,
    IOptions<MarketCalendarOptions> calendar,
    IOptions<JQuantsOptions> options,
    TimeProvider timeProvider,
    ILogger<AnnouncementRefresher> logger) : BackgroundService
{
    private static readonly DailyTimes Updates = new(new(10, 5), new(19, 0));
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (market.Value.Source != MarketOptions.JQuants || !calendar.Value.Enabled || options.Value.DelayDays > 0)
            return;

        while (true)
        {
            var untilUpdate = Updates.UntilNext(timeProvider.GetUtcNow(), calendar.Value.SettleDelay);
            var wait = await TryRefreshAsync(stoppingToken) || untilUpdate < RetryAfter ? untilUpdate : RetryAfter;
            await Task.Delay(wait, timeProvider, stoppingToken);
        }
    }

    private async ValueTask<bool> TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rows = await client.GetAsync<AnnouncementRow>("equities/earnings-calendar", "", cancellationToken);
            announcements.Take(rows, TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow()).Day);
            _failing = false;
            return true;
        }
        catch (SourceException failure)
        {
            if (!_failing)
                logger.AnnouncementsUnknown(failure.Message);
            _failing = true;
            return false;
        }
    }
}
