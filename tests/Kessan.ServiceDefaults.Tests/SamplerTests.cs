namespace Kessan.ServiceDefaults.Tests;

/// <summary>What a request costs that nobody traces. Runs alone: a host that traces makes activities for every host of the process.</summary>
[Collection(Alone)]
public sealed class SamplerTests
{
    private const string Alone = "alone";

    [Theory]
    [InlineData("always_off", false)]
    [InlineData("ALWAYS_OFF", false)]
    [InlineData("always_on", true)]
    [InlineData("parentbased_always_off", true)] // spans of who was sampled elsewhere
    [InlineData("", true)]
    public async Task Request_UnderThatSampler_HasATrace(string sampler, bool expected)
    {
        await using var host = await SampleHost.StartAsync(settings:
        [
            ("OTEL_TRACES_SAMPLER", sampler),
            ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"), // a host that may log there makes one for its log
        ]);

        var trace = await host.Client.GetStringAsync("/trace", TestContext.Current.CancellationToken);

        Assert.Equal(expected, trace != "none");
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Definition;
}
