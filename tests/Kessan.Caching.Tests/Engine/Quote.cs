using System.ComponentModel;

namespace Kessan.Caching.Tests.Engine;

/// <summary>An immutable value: a hit hands out the object itself.</summary>
[ImmutableObject(true)]
public sealed record Quote(string Ticker, decimal Price);
