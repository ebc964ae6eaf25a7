using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Kessan.ServiceDefaults.Tests;

public sealed class HttpClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", 4)]
    [InlineData("HEAD", 4)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("DELETE", 1)]
    public async Task Request_ServerFails_IsRepeatedOnlyIfThatIsSafe(string method, int attempts)
    {
        using var failing = new FailingHandler();
        await using var host = await SampleHost.StartAsync(builder => AddClient(builder, failing));
        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://127.0.0.1/");

        using var answer = await client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(attempts, failing.Calls);
    }

    [Fact]
    public async Task Request_ToANameOfServiceDiscovery_ReachesItsAddress()
    {
        await using var target = await SampleHost.StartAsync();
        await using var host = await SampleHost.StartAsync(settings: [("services:target:http:0", target.Address)]);
        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");

        Assert.Equal("done", await client.GetStringAsync("https+http://target/work", Stop));
    }

    private static void AddClient(WebApplicationBuilder builder, FailingHandler handler)
    {
        builder.Services.AddHttpClient("any").ConfigurePrimaryHttpMessageHandler(() => handler);
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(
            static options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
    }

    private sealed class FailingHandler : HttpMessageHandler
    {
        private int _calls;

        public int Calls => _calls;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        }
    }
}
