namespace Kessan.Caching.Generators.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void TheSample_InTheReadme_CompilesAndIsRealised()
    {
        var sample = Assert.Single(CodeBlocks(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))), block => block.Contains("[CacheResult(", StringComparison.Ordinal));

        var run = GeneratorRun.Of(sample);

        Assert.Empty(run.Reported);
        Assert.Empty(run.CompilerErrors);
        Assert.Contains("CachedAnalyst", run.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> CodeBlocks(string markdown)
        => markdown.ReplaceLineEndings("\n").Split("```csharp\n").Skip(1).Select(block => block[..block.IndexOf("\n```", StringComparison.Ordinal)]);
}
