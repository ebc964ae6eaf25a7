using System.Reflection;
using Kessan.Testing.Processes;

namespace Kessan.Caching.Generators.Tests;

/// <summary>
/// The cache and a generated decorator where there is no reflection-based JSON: as a program whose build has the analyzers of trimming and
/// Native AOT as errors, and, in the long run, compiled ahead of time.
/// </summary>
public sealed class TrimmedProgramTests
{
    private static readonly string[] Expected = ["same value: True, from L1", "look-up: rating from L1, held: True", "after the invalidation: False", "copied: True"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutReflectionBasedJson_CachesAndInvalidates()
    {
        await using var program = ProgramProcess.StartDotnet(["exec", Assembly.Load("Kessan.Caching.Trimmed").Location]);

        var (code, _) = await program.ExitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.Equal(0, code);
        Assert.Equal(Expected, program.Lines);
    }

    [Fact]
    public async Task CompiledAheadOfTime_DoesTheSame()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("KESSAN_LONG") == "1", "compiles ahead of time, which takes a minute: --long");
        var output = Directory.CreateTempSubdirectory("kessan-aot-");
        try
        {
            string[] publish = ["publish", Path.Combine(Repository.Root, "tests", "Kessan.Caching.Trimmed"), "-c", "Release", "-p:KessanAot=true",
                "-p:TreatWarningsAsErrors=false", "--use-current-runtime", "-o", output.FullName,
                "--artifacts-path", Path.Combine(output.FullName, "artifacts"), "-nodeReuse:false"];
            await using (var compiler = ProgramProcess.StartDotnet(publish))
            {
                var (compiled, _) = await compiler.ExitAsync(TimeSpan.FromMinutes(5), Stop);
                Assert.True(compiled == 0, compiler.Output);
            }

            await using var program = ProgramProcess.Start(Path.Combine(output.FullName, "Kessan.Caching.Trimmed"));
            var (code, _) = await program.ExitAsync(TimeSpan.FromSeconds(30), Stop);
            Assert.Equal(0, code);
            Assert.Equal(Expected, program.Lines);
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}
