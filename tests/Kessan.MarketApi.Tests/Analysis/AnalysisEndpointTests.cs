
namespace Kessan.MarketApi.Tests.Analysis;

public class AnalysisEndpointTests
{
    [Theory]
    [InlineData("short_term", "sma(5) sma(25) ema(5) rsi(14) volatility(20) momentum(10)")]
    [InlineData("LONG_TERM", "sma(75) sma(200) ema(75) rsi(14) volatility(120) momentum(120)")]
    [InlineData("comprehensive", "sma(5) sma(25) sma(75) sma(200) ema(5) rsi(14) volatility(60) momentum(60)")]
    public async Task GetAnalysis_AnyKind_HasAllItsIndicators(string kind, string expected)
    {
        await using var host = await MarketApiHost.StartAsync();

        var analysis = await host.GetJsonAsync($"/stocks/7203/analysis/{kind}");

        var indicators = analysis.GetProperty("indicators").EnumerateArray().ToList();
        Assert.Equal(expected, string.Join(' ', indicators.Select(indicator => $"{indicator.GetProperty("name")}({indicator.GetProperty("window")})")));
        Assert.All(indicators, indicator => Assert.NotEmpty(indicator.GetProperty("method").GetString()!));
        Assert.Equal("2025-06-10", analysis.GetProperty("as_of").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, analysis.GetProperty("commentary").ValueKind);
    }

    [Fact]
    public async Task GetAnalysis_WithAModel_AsksItOnceInSixHours()
    {
        await using var model = await ChatStub.StartAsync();
        await using var host = await MarketApiHost.StartAsync(
            [new("Market:Analysis:Endpoint", model.Address), new("Market:Analysis:Model", "stub-1"), new("Market:Analysis:ApiKey", "secret")]);

        var first = await host.GetJsonAsync("/stocks/7203/analysis/short_term");
        host.Time.Advance(TimeSpan.FromHours(5.9));
        await host.GetJsonAsync("/stocks/7203/analysis/short_term");

        Assert.Equal("The averages say little.", first.GetProperty("commentary").GetString());
        Assert.Equal("stub-1", first.GetProperty("model").GetString());
        var request = Assert.Single(model.Requests);
        Assert.Equal("Bearer secret", request.Authorization);
        Assert.Contains("rsi(14)", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAnalysis_ModelFails_IsTheComputedPartAndAsksAgainSoon()
    {
        await using var model = await ChatStub.StartAsync();
        model.Fails = true;
        await using var host = await MarketApiHost.StartAsync(
            [new("Market:Analysis:Endpoint", model.Address), new("Market:Analysis:Model", "stub-1")]);

        using var first = await host.Client.GetAsync("/stocks/7203/analysis/short_term", TestContext.Current.CancellationToken);
        model.Fails = false;
        host.Time.Advance(TimeSpan.FromMinutes(6));
        var later = await host.GetJsonAsync("/stocks/7203/analysis/short_term");

        Assert.True(first.IsSuccessStatusCode);
        Assert.Contains("ttl=300", first.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.Equal("The averages say little.", later.GetProperty("commentary").GetString());
    }

    [Theory]
    [InlineData("ftp://models.example", "m", "http or https")]
    [InlineData("http://localhost:1", "", "Model is needed")]
    public async Task Start_WrongModelSettings_SaysSo(string endpoint, string model, string expected)
    {
        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => MarketApiHost.StartAsync([new("Market:Analysis:Endpoint", endpoint), new("Market:Analysis:Model", model)]));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}
