using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kessan.Caching.Generators.Tests;

public sealed class IncrementalTests
{
    private const string Source = "public interface IThing { [CacheResult(CacheDataType.StockPrice)] Task<int> Get(string a); }";

    [Fact]
    public void AnEdit_ThatDoesNotTouchTheInterface_WritesNothingAnew()
    {
        var compilation = GeneratorRun.Compile(Source);
        var driver = GeneratorRun.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var edited = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(
            "public sealed class Unrelated;", (CSharpParseOptions)compilation.SyntaxTrees[0].Options, cancellationToken: TestContext.Current.CancellationToken));

        var result = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single();

        var reasons = result.TrackedSteps[CacheDecoratorGenerator.InterfacesStep].SelectMany(step => step.Outputs).Select(output => output.Reason);
        Assert.All(reasons, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{reason}"));
    }

    [Fact]
    public void AnEdit_OfTheInterface_IsSeen()
    {
        var compilation = GeneratorRun.Compile(Source);
        var driver = GeneratorRun.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var edited = GeneratorRun.Compile(Source.Replace("StockPrice", "NewsData", StringComparison.Ordinal));

        var result = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single();

        Assert.Contains("CacheDataType.NewsData", Assert.Single(result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
    }
}
