using System.Net;
using System.Text.Json;

namespace Kessan.MarketApi.Tests.Stocks;

public class RefreshTests
{
    [Fact]
    public async Task Refresh_AStock_ForgetsAllOfItAndNothingElse()
    {
        await using var host = await MarketApiHost.StartAsync();
        string[] paths = ["/stocks/7203/price", "/stocks/7203/price?date=2025-06-10", "/stocks/7203/news", "/stocks/7203/analysis/short_term", "/stocks/6758/price"];
        foreach (var path in paths)
            await host.GetJsonAsync(path);

        using var refreshed = await host.Client.PostAsync("/stocks/7203/refresh", null, TestContext.Current.CancellationToken);
        var layers = new List<string>();
        foreach (var path in paths)
        {
            using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
            layers.Add(answer.Headers.GetValues("Cache-Status").Single().Split("detail=")[1]);
        }

        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        var body = JsonElement.Parse(await refreshed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("7203", 4), (body.GetProperty("ticker").GetString(), body.GetProperty("invalidated").GetInt64()));
        Assert.Equal(["source", "source", "source", "source", "l1"], layers);
    }

    [Fact]
    public async Task Refresh_UnknownStock_IsNotFound()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var unknown = await host.Client.PostAsync("/stocks/9999/refresh", null, TestContext.Current.CancellationToken);
        using var nothingCached = await host.Client.PostAsync("/stocks/7203/refresh", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.OK, nothingCached.StatusCode);
    }

    [Fact]
    public async Task Refresh_NoCode_IsABadRequest()
    {
        await using var host = await MarketApiHost.StartAsync();

        using var answer = await host.Client.PostAsync("/stocks/xyz/refresh", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
