namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Many keys in one round trip.</summary>
public sealed class BatchExample(RedisServers servers) : ExampleHost(servers)
{
    private static readonly string[] Keys = ["stock_price:7203", "stock_price:6758", "stock_price:9984"];

    [Fact]
    public async Task OnRedisItself_ManyGoInAndOut()
    {
        var stored = await Redis.SetManyAsync(
            new Dictionary<string, decimal> { ["stock_price:7203"] = 2500, ["stock_price:6758"] = 15_000, ["stock_price:9984"] = 3000 },
            TimeSpan.FromMinutes(5),
            Stop);
        var prices = await Redis.GetManyAsync<decimal>([.. Keys, "stock_price:0000"], Stop);

        Assert.Equal(3, stored);
        Assert.Equal([2500, 15_000, 3000], Keys.Select(key => prices[key]));
        Assert.False(prices.ContainsKey("stock_price:0000"));
    }

    [Fact]
    public async Task ByTheService_WhatIsMissingIsMadeWithOneCall()
    {
        List<IReadOnlyList<string>> asked = [];
        await Cache.Hybrid.SetAsync("stock_price:7203", 2500m, cancellationToken: Stop);

        var prices = await Cache.GetOrSetManyAsync<decimal>(
            Keys,
            (missing, _) =>
            {
                asked.Add(missing);
                return new(missing.ToDictionary(key => key, _ => 1m));
            },
            cancellationToken: Stop);

        Assert.Equal([2500, 1, 1], Keys.Select(key => prices[key]));
        Assert.Equal([["stock_price:6758", "stock_price:9984"]], asked);
    }
}
