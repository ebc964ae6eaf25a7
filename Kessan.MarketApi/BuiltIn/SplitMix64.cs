using System.Numerics;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>
/// A random sequence that is the same for the same seed on every machine and every version of .NET (Steele, Lea, Flood, "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014). Not safe for concurrent use.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A seed that mixes several numbers, so that neighbouring ones give unrelated sequences.</summary>
    public static ulong Mix(params ReadOnlySpan<ulong> parts)
    {
        var mixed = 0UL;
        foreach (var part in parts)
            mixed = new SplitMix64(mixed ^ part).NextUInt64();
        return mixed;
    }

    public ulong NextUInt64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>At least 0, less than 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normally distributed around 0 with deviation 1, nearly: how many of 64 coins show heads, never beyond 8.</summary>
    public double NextNormal() => (BitOperations.PopCount(NextUInt64()) - 32) / 4.0;
}
