using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Kessan.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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
            [.. Settings(model), new("Market:Analysis:ApiKey", "secret")]);

        var first = await host.GetJsonAsync("/stocks/7203/analysis/short_term");
        host.Time.Advance(TimeSpan.FromHours(5.9));
        await host.GetJsonAsync("/stocks/7203/analysis/short_term");

        Assert.Equal("The averages say little.", first.GetProperty("commentary").GetString());
        Assert.Equal("stub-1", first.GetProperty("model").GetString());
        var request = Assert.Single(model.Requests);
        Assert.Equal("Bearer secret", request.Authorization);
        Assert.Contains("rsi(14)", request.Body, StringComparison.Ordinal);
    }

    // Four nodes over one second layer are asked at once: the model is asked by one of them, and all have its words.
    [Fact]
    public async Task GetAnalysis_WithAModel_AsksItOnceForTheWholeFleet()
    {
        await using var model = await ChatStub.StartAsync();
        model.Gate = new TaskCompletionSource();
        var time = MarketApiHost.NewTime();
        var server = new InMemoryCacheServer(time);
        var arrivals = new Arrivals();
        var fleet = new List<MarketApiHost>();
        try
        {
            for (var node = 0; node < 4; node++)
                fleet.Add(await MarketApiHost.StartAsync(Settings(model), AddToFleet, time));

            var asked = fleet.Select(host => host.GetJsonAsync("/stocks/7203/analysis/short_term")).ToList();
            await Eventually.HoldsAsync(() => arrivals.Count == 4 && !model.Requests.IsEmpty);
            model.Gate.SetResult();
            var answers = await Task.WhenAll(asked);

            Assert.All(answers, answer => Assert.Equal("The averages say little.", answer.GetProperty("commentary").GetString()));
            Assert.Single(model.Requests);
        }
        finally
        {
            foreach (var host in fleet)
                await host.DisposeAsync();
        }

        void AddToFleet(WebApplicationBuilder builder)
        {
            builder.Services.AddSingleton<ICacheStore>(new InMemoryCacheStore(server));
            builder.Services.AddSingleton<IStartupFilter>(arrivals);
        }
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status429TooManyRequests)]
    [InlineData(StatusCodes.Status500InternalServerError)]
    public async Task GetAnalysis_ModelFails_IsTheComputedPartAndAsksAgainSoon(int status)
    {
        await using var model = await ChatStub.StartAsync();
        model.Status = status;
        await using var host = await MarketApiHost.StartAsync(Settings(model));

        using var first = await host.Client.GetAsync("/stocks/7203/analysis/short_term", TestContext.Current.CancellationToken);
        var asked = model.Requests.Count;
        model.Status = StatusCodes.Status200OK;
        host.Time.Advance(TimeSpan.FromMinutes(6));
        var later = await host.GetJsonAsync("/stocks/7203/analysis/short_term");

        Assert.True(first.IsSuccessStatusCode);
        Assert.Equal(1, asked);
        Assert.Contains("ttl=300", first.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.Equal("The averages say little.", later.GetProperty("commentary").GetString());
    }

    [Fact]
    public async Task GetAnalysis_ModelIsSlow_IsTheComputedPartWhenItsTimeIsOver()
    {
        await using var model = await ChatStub.StartAsync();
        model.Gate = new TaskCompletionSource();
        await using var host = await MarketApiHost.StartAsync(Settings(model));

        var asked = host.GetJsonAsync("/stocks/7203/analysis/short_term");
        await Eventually.HoldsAsync(() => !model.Requests.IsEmpty);
        host.Time.Advance(TimeSpan.FromSeconds(15));
        var answer = await asked;

        Assert.Equal(6, answer.GetProperty("indicators").GetArrayLength());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("commentary").ValueKind);
        model.Gate.SetResult();
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

    private static KeyValuePair<string, string?>[] Settings(ChatStub model) =>
        [new("Market:Analysis:Endpoint", model.Address), new("Market:Analysis:Model", "stub-1")];

    /// <summary>Counts the requests that came in.</summary>
    private sealed class Arrivals : IStartupFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, following) =>
            {
                Interlocked.Increment(ref _count);
                await following(context);
            });
            next(app);
        };
    }
}
