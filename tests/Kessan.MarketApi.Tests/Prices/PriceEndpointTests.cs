using System.Net;
using System.Text.Json;

namespace Kessan.MarketApi.Tests.Prices;

public class PriceEndpointTests
{
    [Fact]
    public async Task GetPrice_DuringTheSession_IsTheLatestMinute()
    {
        await using var host = await MarketApiHost.StartAsync();

        var price = await host.GetJsonAsync("/stocks/7203/price");

        Assert.Equal("7203", price.GetProperty("ticker").GetString());
        Assert.Equal("2025-06-11", price.GetProperty("date").GetString());
        Assert.Equal("2025-06-11T10:00:00+09:00", price.GetProperty("as_of").GetString());
        Assert.False(price.GetProperty("is_final").GetBoolean());
    }

    [Theory]
    [InlineData("2025-06-11T08:59:59+09:00", "2025-06-10")]
    [InlineData("2025-06-11T15:30:00+09:00", "2025-06-11")]
    [InlineData("2025-06-15T12:00:00+09:00", "2025-06-13")]
    [InlineData("2026-01-03T10:00:00+09:00", "2025-12-30")]
    public async Task GetPrice_OutsideTheSession_IsTheLastClose(string now, string expected)
    {
        await using var host = await MarketApiHost.StartAsync();
        host.Time.AdjustTime(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));

        var price = await host.GetJsonAsync("/stocks/7203/price");

        Assert.Equal(expected, price.GetProperty("date").GetString());
        Assert.True(price.GetProperty("is_final").GetBoolean());
    }

    [Theory]
    [InlineData("130A")]
    [InlineData("130a.T")]
    [InlineData("%EF%BC%91%EF%BC%93%EF%BC%90%EF%BC%A1")]
    public async Task GetPrice_CodeInAnySpelling_IsTheSameStock(string ticker)
    {
        await using var host = await MarketApiHost.StartAsync();

        var price = await host.GetJsonAsync($"/stocks/{ticker}/price?date=2024-01-15");

        Assert.Equal("130A", price.GetProperty("ticker").GetString());
        Assert.Equal("2024-01-15", price.GetProperty("date").GetString());
    }

    [Theory]
    [InlineData("/stocks/72B3/price", HttpStatusCode.BadRequest, "urn:kessan:problem:invalid-stock-code")]
    [InlineData("/stocks/1301/price", HttpStatusCode.NotFound, "urn:kessan:problem:unknown-stock")]
    [InlineData("/stocks/7203/price?date=2024-01-14", HttpStatusCode.NotFound, "urn:kessan:problem:no-price")]
    [InlineData("/stocks/7203/price?date=2025-06-12", HttpStatusCode.NotFound, "urn:kessan:problem:no-price")]
    [InlineData("/stocks/7203/price?date=1900-01-01", HttpStatusCode.NotFound, "urn:kessan:problem:no-price")]
    [InlineData("/stocks/7203/price?date=yesterday", HttpStatusCode.BadRequest, "urn:kessan:problem:invalid-request")]
    [InlineData("/nowhere", HttpStatusCode.NotFound, "urn:kessan:problem:not-found")]
    public async Task Get_WhatIsNotThere_IsAProblem(string path, HttpStatusCode status, string type)
    {
        await using var host = await MarketApiHost.StartAsync();

        using var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(type, problem.GetProperty("type").GetString());
    }

    [Fact]
    public async Task GetPrice_SourceFailsAndNothingIsCached_Is503WithRetryAfter()
    {
        await using var host = await MarketApiHost.StartAsync([new("Market:BuiltIn:FailureRate", "1")]);

        using var response = await host.Client.GetAsync("/stocks/7203/price", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.True(response.Headers.Contains("RateLimit")); // it was charged like any other
    }
}
