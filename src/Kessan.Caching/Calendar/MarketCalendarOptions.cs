namespace Kessan.Caching.Calendar;

/// <summary>Whether lifetimes follow the hours of the Tokyo Stock Exchange. Read once, at start.</summary>
public sealed class MarketCalendarOptions
{
    /// <summary>Where the options stand in the configuration.</summary>
    public const string SectionName = "Kessan:Cache:MarketCalendar";

    /// <summary>Whether the market calendar decides lifetimes.</summary>
    /// <value>Default: <see langword="false"/>, the same lifetimes around the clock.</value>
    public bool Enabled { get; set; }

    /// <summary>
    /// A file with days on which the rules are wrong, in the form in which J-Quants answers <c>/markets/calendar</c>:
    /// <c>{"data":[{"Date":"2027-02-12","HolDiv":"0"}]}</c>. <c>HolDiv</c> 0 and 3: no cash trading; 1 and 2: a trading day.
    /// </summary>
    /// <value>A path, relative to the working directory. Days that it does not name follow the rules. Default: none.</value>
    public string? File { get; set; }

    /// <summary>How long after an auction (11:30, 15:30) or a publication (official prices, statements at 18:00 and 24:30) the source has what it brings.</summary>
    /// <value>0 to 5 min. Default: 5 s.</value>
    public TimeSpan SettleDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>When the day's official prices are published, Japan time.</summary>
    /// <value>15:36 to 23:59. Default: 16:30, as at J-Quants.</value>
    public TimeOnly OfficialPricesAt { get; set; } = new(16, 30);

    /// <summary>
    /// How long the prices and indices that are asked for most stay fresh while the exchange trades, for a source with a live feed. A key is
    /// hot from about five look-ups a second on this node, averaged over a minute.
    /// </summary>
    /// <value>5 s to 60 s. Default: none, a hot price lives as long as any other.</value>
    public TimeSpan? HotPriceFresh { get; set; }
}
