using System.ComponentModel;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>One day of a stock.</summary>
[ImmutableObject(true)]
public sealed record DailyBar(decimal Open, decimal High, decimal Low, decimal Close, long Volume);

/// <summary>Figures of a period, in yen.</summary>
[ImmutableObject(true)]
public sealed record Figures(long Revenue, long OperatingIncome, long NetIncome);

/// <summary>What somebody thinks of a stock.</summary>
[ImmutableObject(true)]
public sealed record Opinion(string Ticker, string Kind, string Text);

/// <summary>What is remembered of a user.</summary>
[ImmutableObject(true)]
public sealed record UserState(string Theme, DateTimeOffset LastActivity);
