namespace Kessan.MarketApi.Exchange;

/// <summary>
/// The tick sizes of the Tokyo Stock Exchange since 5 June 2023: the step between two prices at which a share can trade
/// (Business Regulations, rule 14; as brokers publish it: https://kabu.com/service/table.asp).
/// </summary>
internal static class TickTable
{
    // A band ends with its own upper price. A coarser tick is always a multiple of a finer one, and every band ends on both.
    private static readonly (decimal UpTo, decimal Topix500, decimal Other)[] Bands =
    [
        (1_000, 0.1m, 1),
        (3_000, 0.5m, 1),
        (5_000, 1, 5),
        (10_000, 1, 10),
        (30_000, 5, 10),
        (50_000, 10, 50),
        (100_000, 10, 100),
        (300_000, 50, 100),
        (500_000, 100, 500),
        (1_000_000, 100, 1_000),
        (3_000_000, 500, 1_000),
        (5_000_000, 1_000, 5_000),
        (10_000_000, 1_000, 10_000),
        (30_000_000, 5_000, 10_000),
        (50_000_000, 10_000, 50_000),
        (decimal.MaxValue, 10_000, 100_000),
    ];

    /// <summary>The tick at a price, in yen.</summary>
    /// <param name="price">The price, in yen.</param>
    /// <param name="isTopix500">Whether the share is a TOPIX 500 constituent, which trades in finer steps.</param>
    public static decimal TickAt(decimal price, bool isTopix500)
    {
        var band = 0;
        while (price > Bands[band].UpTo)
            band++;
        return isTopix500 ? Bands[band].Topix500 : Bands[band].Other;
    }

    /// <summary>Whether a share can trade at a price.</summary>
    public static bool IsOnTick(decimal price, bool isTopix500) => price > 0 && price % TickAt(price, isTopix500) == 0;

    /// <summary>The price on a tick that is nearest to <paramref name="price"/>, and at least one tick.</summary>
    public static decimal Nearest(decimal price, bool isTopix500)
    {
        var tick = TickAt(price, isTopix500);
        return Math.Max(tick, Math.Round(price / tick, MidpointRounding.AwayFromZero) * tick);
    }

    /// <summary>The lowest price on a tick that is not below <paramref name="price"/>.</summary>
    public static decimal AtOrAbove(decimal price, bool isTopix500)
    {
        var tick = TickAt(price, isTopix500);
        return Math.Max(tick, Math.Ceiling(price / tick) * tick);
    }
}
