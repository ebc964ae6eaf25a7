using Kessan.Caching.Keys;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Set, get, delete, exists and time to live, on Redis itself.</summary>
public sealed class BasicOperationsExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task AValue_GoesInAndOut()
    {
        await Redis.ConnectAsync(Stop); // the host has done it already; asking again costs nothing

        var stored = await Redis.SetAsync("my_key", new Opinion("7203", "short_term", "hold"), CacheDataType.StockPrice, Stop);
        var value = await Redis.GetAsync<Opinion>("my_key", Stop);
        var exists = await Redis.ExistsAsync("my_key", Stop);
        var left = await Redis.GetTimeToLiveAsync("my_key", Stop);
        var deleted = await Redis.DeleteAsync("my_key", Stop);

        Assert.True(stored);
        Assert.Equal("hold", value!.Text);
        Assert.True(exists);
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
        Assert.True(deleted);
        Assert.Null(await Redis.GetAsync<Opinion>("my_key", Stop));
        Assert.False(await Redis.ExistsAsync("my_key", Stop));
        Assert.Null(await Redis.GetTimeToLiveAsync("my_key", Stop));
    }
}
