using System.Text;
using Microsoft.CodeAnalysis;

namespace Kessan.Caching.Generators;

/// <summary>Writes members that only pass calls on, as explicit implementations, so that no two can clash.</summary>
internal static class MemberCode
{
    /// <returns><see langword="null"/> for a member that cannot be passed on.</returns>
    public static string? Forward(INamedTypeSymbol owner, ISymbol member) => member switch
    {
        IMethodSymbol method => Method(owner, method),
        IPropertySymbol property => Property(owner, property),
        IEventSymbol @event => Event(owner, @event),
        _ => null,
    };

    /// <summary><c>Task&lt;T&gt; IAnalyst.AnalyseAsync(string ticker)</c>, with constraints where an explicit implementation needs them.</summary>
    public static string Signature(IMethodSymbol method)
    {
        var parameters = string.Join(", ", method.Parameters.Select(parameter => $"{Modifier(parameter)}{Names.Of(parameter.Type)} {Names.Of(parameter)}"));
        var constraints = string.Concat(method.TypeParameters.Select(parameter => $" where {parameter.Name} : {Constraint(parameter)}"));
        return $"{ReturnType(method)} {Names.Of(method.ContainingType)}.{Names.Escape(method.Name)}{TypeArguments(method)}({parameters}){constraints}";
    }

    /// <summary>How to reach a member: through the interface that declares it, if that is another one.</summary>
    public static string Receiver(INamedTypeSymbol owner, ISymbol member, string inner)
        => SymbolEqualityComparer.Default.Equals(owner, member.ContainingType) ? inner : $"(({Names.Of(member.ContainingType)}){inner})";

    private static string Method(INamedTypeSymbol owner, IMethodSymbol method)
    {
        var arguments = string.Join(", ", method.Parameters.Select(parameter => $"{ArgumentModifier(parameter)}{Names.Of(parameter)}"));
        var byReference = method.ReturnsByRef || method.ReturnsByRefReadonly ? "ref " : "";
        return $$"""
                {{Signature(method)}}
                    => {{byReference}}{{Receiver(owner, method, "this.Inner")}}.{{Names.Escape(method.Name)}}{{TypeArguments(method)}}({{arguments}});
            """;
    }

    private static string? Property(INamedTypeSymbol owner, IPropertySymbol property)
    {
        if (property.SetMethod is { IsInitOnly: true }) return null;

        var byReference = property.ReturnsByRef || property.ReturnsByRefReadonly;
        var name = property.IsIndexer
            ? $"this[{string.Join(", ", property.Parameters.Select(parameter => $"{Modifier(parameter)}{Names.Of(parameter.Type)} {Names.Of(parameter)}"))}]"
            : Names.Escape(property.Name);
        var target = Receiver(owner, property, "this.Inner") + (property.IsIndexer
            ? $"[{string.Join(", ", property.Parameters.Select(parameter => $"{ArgumentModifier(parameter)}{Names.Of(parameter)}"))}]"
            : $".{Names.Escape(property.Name)}");
        var type = (property.ReturnsByRefReadonly ? "ref readonly " : property.ReturnsByRef ? "ref " : "") + Names.Of(property.Type);

        var text = new StringBuilder($"    {type} {Names.Of(property.ContainingType)}.{name}\n    {{\n");
        if (property.GetMethod is not null) text.Append($"        get => {(byReference ? "ref " : "")}{target};\n");
        if (property.SetMethod is not null) text.Append($"        set => {target} = value;\n");
        return text.Append("    }").ToString();
    }

    private static string Event(INamedTypeSymbol owner, IEventSymbol @event)
    {
        var target = $"{Receiver(owner, @event, "this.Inner")}.{Names.Escape(@event.Name)}";
        return $$"""
                event {{Names.Of(@event.Type)}} {{Names.Of(@event.ContainingType)}}.{{Names.Escape(@event.Name)}}
                {
                    add => {{target}} += value;
                    remove => {{target}} -= value;
                }
            """;
    }

    private static string ReturnType(IMethodSymbol method) => method switch
    {
        { ReturnsVoid: true } => "void",
        { ReturnsByRefReadonly: true } => "ref readonly " + Names.Of(method.ReturnType),
        { ReturnsByRef: true } => "ref " + Names.Of(method.ReturnType),
        _ => Names.Of(method.ReturnType),
    };

    private static string TypeArguments(IMethodSymbol method)
        => method.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", method.TypeParameters.Select(parameter => parameter.Name))}>";

    private static string Constraint(ITypeParameterSymbol parameter)
        => parameter.IsReferenceType ? "class" : parameter.IsValueType ? "struct" : "default";

    private static string Modifier(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        RefKind.RefReadOnlyParameter => "ref readonly ",
        _ => parameter.ScopedKind == ScopedKind.ScopedValue ? "scoped " : "",
    };

    private static string ArgumentModifier(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In or RefKind.RefReadOnlyParameter => "in ",
        _ => "",
    };
}
