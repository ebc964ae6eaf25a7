using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kessan.Caching.Generators.Tests;

/// <summary>Compiles a source with the generator and tells what came out.</summary>
internal sealed record GeneratorRun(ImmutableArray<Diagnostic> Reported, ImmutableArray<Diagnostic> CompilerErrors, ImmutableArray<GeneratedSourceResult> Sources)
{
    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).Contains(".Tests", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    /// <summary>The text of the only file that was generated.</summary>
    public string Text => Assert.Single(Sources).SourceText.ToString();

    public static GeneratorRun Of(string source)
    {
        var compilation = Compile(source);
        var driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, TestContext.Current.CancellationToken);
        var result = Assert.Single(driver.GetRunResult().Results);
        Assert.Null(result.Exception);
        return new(
            result.Diagnostics,
            [.. output.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)],
            result.GeneratedSources);
    }

    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Sample",
        [CSharpSyntaxTree.ParseText(
            "using System;\nusing System.Collections.Generic;\nusing System.Threading;\nusing System.Threading.Tasks;\nusing Kessan.Caching;\nusing Kessan.Caching.Keys;\n" + source,
            Options, "Sample.cs", cancellationToken: TestContext.Current.CancellationToken)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new CacheDecoratorGenerator().AsSourceGenerator()],
        parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
