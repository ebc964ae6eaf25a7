namespace Kessan.Caching.Generators;

/// <summary>What came of one interface: the text of its class, or <see langword="null"/>, and what was wrong. Comparable by value.</summary>
internal sealed record GeneratedInterface(string HintName, string? Source, EquatableArray<DiagnosticInfo> Diagnostics);
