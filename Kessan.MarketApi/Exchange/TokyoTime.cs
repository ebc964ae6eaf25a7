namespace Kessan.MarketApi.Exchange;

/// <summary>Japan Standard Time: nine hours ahead of UTC all year, so no time zone database is needed.</summary>
internal static class TokyoTime
{
    private static readonly TimeSpan Offset = TimeSpan.FromHours(9);

    /// <summary>The present instant as a clock in Tokyo shows it.</summary>
    public static DateTimeOffset GetTokyoNow(this TimeProvider timeProvider) => timeProvider.GetUtcNow().ToOffset(Offset);

    /// <summary>The instant at which a clock in Tokyo shows a date and a time.</summary>
    public static DateTimeOffset At(DateOnly date, TimeOnly time) => new(date.ToDateTime(time), Offset);
}
