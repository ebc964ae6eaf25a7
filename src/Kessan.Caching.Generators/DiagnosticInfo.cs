using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Kessan.Caching.Generators;

/// <summary>A diagnostic without references to a compilation, so that an incremental step can keep and compare it.</summary>
internal sealed record DiagnosticInfo(string Id, string Path, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, Location? location, params string[] arguments)
    {
        var lines = location?.GetLineSpan() ?? default;
        return new(descriptor.Id, lines.Path ?? "", location?.SourceSpan ?? default, lines.Span, new([.. arguments]));
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Diagnostics.ById(Id),
        Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines),
        [.. Arguments.Cast<object>()]);
}
