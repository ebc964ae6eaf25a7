using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kessan.Caching.Generators;

/// <summary>
/// Writes, for each interface with <c>[CacheResult]</c> or <c>[CacheInvalidate]</c> methods, the class that
/// <c>services.AddCached&lt;TInterface, TImplementation&gt;()</c> puts before the implementation.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CacheDecoratorGenerator : IIncrementalGenerator
{
    internal const string InterfacesStep = "Interfaces";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var results = Interfaces(context, Names.CacheResult);
        var invalidations = Interfaces(context, Names.CacheInvalidate);

        // An interface comes once for each attributed method, each time with the same text.
        var distinct = results.Collect().Combine(invalidations.Collect())
            .SelectMany(static (both, _) => both.Left.Concat(both.Right).GroupBy(item => item.HintName).Select(group => group.First()))
            .WithTrackingName(InterfacesStep);

        context.RegisterSourceOutput(distinct, static (output, item) =>
        {
            foreach (var diagnostic in item.Diagnostics) output.ReportDiagnostic(diagnostic.ToDiagnostic());
            if (item.Source is { } source) output.AddSource(item.HintName, source);
        });
    }

    private static IncrementalValuesProvider<GeneratedInterface> Interfaces(IncrementalGeneratorInitializationContext context, string attribute)
        => context.SyntaxProvider.ForAttributeWithMetadataName(
            attribute,
            static (node, _) => node is MethodDeclarationSyntax,
            static (method, cancellationToken) => Transform((IMethodSymbol)method.TargetSymbol, cancellationToken));

    private static GeneratedInterface Transform(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (method is { ContainingType: { TypeKind: TypeKind.Interface } type, IsStatic: false }) return new InterfaceCode(type).Write(cancellationToken);

        var name = method.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
        return new(name, null, new([DiagnosticInfo.Create(Diagnostics.NotAnInterfaceMethod, method.Locations.FirstOrDefault(), name)]));
    }
}
