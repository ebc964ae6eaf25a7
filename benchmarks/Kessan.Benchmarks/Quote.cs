using System.ComponentModel;

namespace Kessan.Benchmarks;

/// <summary>A small immutable value, as a price is.</summary>
[ImmutableObject(true)]
public sealed record Quote(string Ticker, decimal Open, decimal High, decimal Low, decimal Close, long Volume)
{
    public static Quote Toyota { get; } = new("7203", 2500m, 2550m, 2480m, 2520m, 1_000_000);
}
