using Kessan.Build.Testing;

namespace Kessan.Build.Tests;

public sealed class TestOptionsTests
{
    [Fact]
    public void Parse_Nothing_BuildsFormatsAndRunsAll()
    {
        var options = TestOptions.Parse([]);

        Assert.True(options is { Build: true, Format: true, LongRunning: false, Projects: [], PassedOn: [] });
        Assert.Equal(TimeSpan.FromMinutes(5), options.Limit);
    }

    [Fact]
    public void Parse_EveryOption_IsTaken()
    {
        var options = TestOptions.Parse(
            ["--long", "--no-build", "--no-format", "--timeout", "1.5", "--project", "A", "--project", "B", "--", "--filter-method", "--long"]);

        Assert.True(options is { Build: false, Format: false, LongRunning: true });
        Assert.Equal(["A", "B"], options.Projects);
        Assert.Equal(["--filter-method", "--long"], options.PassedOn);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Limit);
    }

    [Theory]
    [InlineData("--lng")]
    [InlineData("--project")]
    [InlineData("--timeout", "soon")]
    [InlineData("--timeout", "0")]
    public void Parse_Mistake_IsNamed(params string[] arguments)
    {
        var mistake = Assert.Throws<ArgumentException>(() => TestOptions.Parse(arguments));

        Assert.Contains(arguments[0], mistake.Message, StringComparison.Ordinal);
    }
}
