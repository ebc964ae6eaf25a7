using System.Net;

namespace Kessan.MarketApi.Tests.Page;

public class PageFileTests
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/js/page.js", "text/javascript")]
    [InlineData("/vendor/uplot/uPlot.iife.min.js", "text/javascript")]
    [InlineData("/vendor/uplot/uPlot.min.css", "text/css")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task Get_PageFile_IsThereUnderAStrictPolicy(string path, string type)
    {
        await using var host = await MarketApiHost.StartAsync();

        using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task Get_NoPageFile_IsAProblem()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var answer = await host.Client.GetAsync("/vendor/README.md", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }
}
