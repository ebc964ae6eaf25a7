namespace Kessan.Caching.Calendar;

/// <summary>What the Tokyo Stock Exchange is doing.</summary>
public enum MarketPhase
{
    /// <summary>Before 9:00, after 15:30, or a day without trading.</summary>
    Closed = 0,

    /// <summary>The morning session, 9:00 to 11:30.</summary>
    Morning = 1,

    /// <summary>The lunch break, 11:30 to 12:30.</summary>
    Lunch = 2,

    /// <summary>The afternoon session while trades are made continuously, 12:30 to 15:25.</summary>
    Afternoon = 3,

    /// <summary>Orders are collected for the closing auction at 15:30, none is executed: 15:25 to 15:30.</summary>
    PreClosing = 4,
}
