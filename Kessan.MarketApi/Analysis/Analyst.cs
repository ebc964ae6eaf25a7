using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;
using Kessan.MarketApi.Telemetry;

namespace Kessan.MarketApi.Analysis;

/// <summary>Makes analyses: the figures from a stock's history, and a model's commentary if there is a model.</summary>
internal sealed class Analyst(
    IPriceSource prices, IStockDirectory stocks, TimeProvider timeProvider, ILogger<Analyst> logger, ChatCommentator? commentator)
{
    // A model that failed is asked again long before the analysis would end.
    private static readonly TimeSpan WithoutCommentary = TimeSpan.FromMinutes(5);

    // Weekends and holidays leave about 67 trading days in 100.
    private const double CalendarDaysPerTradingDay = 1.6;

    /// <summary>Analyses a stock; <see langword="null"/> if it has no prices.</summary>
    public async ValueTask<StockAnalysis?> AnalyseAsync(
        StockCode code, AnalysisKind kind, CacheFillContext context, CancellationToken cancellationToken)
    {
        var (today, _) = TokyoMarketCalendar.InTokyo(timeProvider.GetUtcNow());
        var from = today.AddDays(-(int)(kind.DaysNeeded * CalendarDaysPerTradingDay));
        var history = await prices.GetHistoryAsync(code, from, today, context, cancellationToken);
        if (history is null || RuleBasedAnalysis.Compute(history, kind) is not { } analysis)
            return null;
        if (commentator is null || await stocks.FindAsync(code, cancellationToken) is not { } stock)
            return analysis;

        try
        {
            var commentary = await commentator.CommentAsync(stock, analysis, cancellationToken);
            return analysis with { Commentary = commentary, Model = commentator.Model };
        }
        catch (SourceException failure)
        {
            logger.CommentaryFailed(failure.Message);
            logger.CommentaryFailure(failure);
            context.HoldFor(WithoutCommentary);
            return analysis;
        }
    }
}
