namespace Kessan.MarketApi.Exchange;

/// <summary>
/// How far a share may move in one day from its base price, which is usually the close of the day before
/// (JPX, "Daily Price Limits"; as brokers publish it: https://rakuten-sec.co.jp/smartphone/domestic/stock/rule/price.html).
/// </summary>
internal static class DailyPriceLimit
{
    private const decimal RepeatsFrom = 10_000;
    private const decimal WidestFrom = 50_000_000;
    private const decimal Widest = 10_000_000;

    // Base prices below the first figure may move by the second.
    private static readonly (decimal Below, decimal Width)[] Low =
    [
        (100, 30), (200, 50), (500, 80), (700, 100), (1_000, 150), (1_500, 300), (2_000, 400), (3_000, 500), (5_000, 700),
        (7_000, 1_000), (10_000, 1_500),
    ];

    // From 10,000 yen the table repeats itself with each power of ten.
    private static readonly (decimal Below, decimal Width)[] Decade =
    [
        (15_000, 3_000), (20_000, 4_000), (30_000, 5_000), (50_000, 7_000), (70_000, 10_000), (100_000, 15_000),
    ];

    /// <summary>The width of the limit on either side of a base price, in yen.</summary>
    public static decimal Width(decimal basePrice)
    {
        if (basePrice >= WidestFrom)
            return Widest;
        if (basePrice < RepeatsFrom)
            return Low.First(row => basePrice < row.Below).Width;

        var scale = 1m;
        while (basePrice / scale >= RepeatsFrom * 10)
            scale *= 10;
        return Decade.First(row => basePrice / scale < row.Below).Width * scale;
    }

    /// <summary>
    /// The lowest and the highest price of the day. Where the limit falls between two ticks it widens to the next one: from 2,991
    /// yen in steps of 5 a share may rise to 3,495. A price is at least one tick.
    /// </summary>
    public static (decimal Lowest, decimal Highest) Range(decimal basePrice, bool isTopix500)
    {
        var width = Width(basePrice);
        var lowest = Math.Max(0, basePrice - width);
        // Below the base price ticks are the same or finer, so this bound is on a tick already.
        return (TickTable.AtOrAbove(lowest, isTopix500), TickTable.AtOrAbove(basePrice + width, isTopix500));
    }
}
