namespace Kessan.ServiceDefaults.Tests;

/// <summary>What a request costs that nobody traces. Runs alone: a host that traces makes activities for every host of the process.</summary>
[Collection(Alone)]
public sealed class SamplerTests
{
    private const string Alone = "alone";

    [Theory]
    [InlineData("always_off", false)]
    [InlineData("ALWAYS_OFF", false)]
    [InlineData("always_off", false, "http://127.0.0.1:1")]
    [InlineData("always_on", true)]
    [InlineData("parentbased_always_off", true)] // spans of who was sampled elsewhere
    [InlineData("", true)]
    public async Task Request_UnderThatSampler_HasATrace(string sampler, bool expected, string exporter = "")
    {
        await using var host = await SampleHost.StartAsync(settings:
        [
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", exporter),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "100"), // milliseconds
        ]);

        var trace = await host.Client.GetStringAsync("/trace", TestContext.Current.CancellationToken);

        Assert.Equal(expected, trace != "none");
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Definition;
}
