using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kessan.Caching.Generators;

/// <summary>Turns templates into expressions, and says what is wrong with them.</summary>
internal sealed class TemplateCode(IMethodSymbol method, Action<DiagnosticDescriptor, Location?, string[]> report)
{
    /// <summary>The expression of a key; <see langword="null"/> if the template is wrong.</summary>
    public string? Key(CacheAttribute attribute, Template template)
    {
        if (!Check(attribute, template)) return null;
        if (attribute.DataType == 0) return CheckBeginning(attribute, template) ? Text(template) : null;

        return $"this.Keys.Build({Names.DataType(attribute.DataType)}, {string.Join(", ", template.Parts.Select(Part))})";
    }

    /// <summary>The expression of a tag; <see langword="null"/> if the template is wrong.</summary>
    public string? Tag(CacheAttribute attribute, string text)
        => Parse(attribute, text) is { } template && Check(attribute, template) ? Text(template) : null;

    public Template? Parse(CacheAttribute attribute, string text)
    {
        var problem = Template.TryParse(text, out var template);
        if (problem is not null) report(Diagnostics.MalformedTemplate, attribute.Location, [text, problem]);
        return problem is null ? template : null;
    }

    /// <summary>How a key without a data type begins: with a name of its own, which no argument can turn into somebody else's.</summary>
    private bool CheckBeginning(CacheAttribute attribute, Template template)
    {
        var first = template.Parts[0];
        if (first.Placeholder is not null && (template.Parts.Count > 1 || first.Before.Length == 0))
        {
            report(Diagnostics.NoOwnBeginning, attribute.Location, [attribute.Key ?? "", first.Placeholder]);
            return false;
        }

        if (first.Placeholder is not null || Names.OwnerOfPrefix(first.Before) is not { } owner) return true;
        report(Diagnostics.ReservedPrefix, attribute.Location, [attribute.Key ?? "", owner]);
        return false;
    }

    private bool Check(CacheAttribute attribute, Template template)
    {
        var good = true;
        foreach (var name in template.Placeholders)
        {
            var parameter = method.Parameters.FirstOrDefault(candidate => candidate.Name == name);
            if (parameter is null) report(Diagnostics.UnknownPlaceholder, attribute.Location, [name, method.Name]);
            else if (!HasStableText(parameter.Type)) report(Diagnostics.NoStableText, attribute.Location, [name, parameter.Type.ToDisplayString()]);
            else continue;
            good = false;
        }

        return good;
    }

    // A part of a key that the builder encodes: CacheKeyText.Of(ticker), "latest", or "Q" + CacheKeyText.Of(quarter).
    private static string Part(TemplatePart part)
    {
        if (part.Placeholder is null) return Literal(part.Before);
        var value = $"CacheKeyText.Of({Names.Escape(part.Placeholder)})";
        if (part.Before.Length > 0) value = $"{Literal(part.Before)} + {value}";
        return part.After.Length > 0 ? $"{value} + {Literal(part.After)}" : value;
    }

    // A tag, or a key without a data type: "stock:" + CacheKeyText.Encode(ticker).
    private static string Text(Template template)
    {
        var (pieces, literal) = (new List<string>(), "");
        for (var i = 0; i < template.Parts.Count; i++)
        {
            var part = template.Parts[i];
            literal += (i == 0 ? "" : ":") + part.Before;
            if (part.Placeholder is null) continue;
            if (literal.Length > 0) pieces.Add(Literal(literal));
            pieces.Add($"CacheKeyText.Encode({Names.Escape(part.Placeholder)})");
            literal = part.After;
        }

        if (literal.Length > 0) pieces.Add(Literal(literal));
        return string.Join(" + ", pieces);
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static bool HasStableText(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable) type = nullable.TypeArguments[0];
        return type.SpecialType is SpecialType.System_String or SpecialType.System_Char or SpecialType.System_Boolean
            || type.TypeKind == TypeKind.Enum
            || Names.Is(type, "System.IFormattable")
            || type.AllInterfaces.Any(implemented => Names.Is(implemented, "System.IFormattable"));
    }
}
