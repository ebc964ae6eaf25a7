namespace Kessan.Caching.Generators;

/// <summary>One part of a template: literal text, around a placeholder or alone.</summary>
internal sealed record TemplatePart(string Before, string? Placeholder, string After);
