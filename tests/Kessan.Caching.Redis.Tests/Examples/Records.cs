using System.ComponentModel;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>A day's prices.</summary>
[ImmutableObject(true)]
public sealed record DayPrice(decimal Open, decimal High, decimal Low, decimal Close, long Volume);

/// <summary>Figures of a quarter, in yen.</summary>
[ImmutableObject(true)]
public sealed record Statement(long Revenue, long OperatingIncome, long NetIncome);

/// <summary>What somebody thinks of a stock.</summary>
[ImmutableObject(true)]
public sealed record Opinion(string Text);

/// <summary>What a user's session holds.</summary>
[ImmutableObject(true)]
public sealed record Preferences(string Theme, DateTimeOffset LastActivity);
