namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Cleaning up, memory, and removing by pattern.</summary>
public sealed class MemoryExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task Memory_IsToldAndGivenBack()
    {
        await Redis.SetManyAsync(new Dictionary<string, int> { ["stock_price:7203"] = 1, ["stock_price:6758"] = 2, ["news_data:7203:all"] = 3 }, TimeSpan.FromMinutes(5), Stop);

        var cleaned = await Redis.CleanUpExpiredAsync(cancellationToken: Stop); // what has no end of life; there is nothing of the kind
        var local = Cache.CleanUpExpired();
        var memory = await Redis.GetServerInfoAsync(Stop);
        var flushed = await Redis.FlushPatternAsync("stock_price:*", Stop);

        Assert.Equal((0L, 0L, 0L, true), (cleaned.Entries, cleaned.Leases, cleaned.IndexMembers, cleaned.Complete));
        Assert.Equal(0, local);
        Assert.True(memory!.UsedMemoryBytes > 0);
        Assert.Equal(2, flushed);
        Assert.Equal(["news_data:7203:all"], await Redis.GetKeysAsync("*_*:*", cancellationToken: Stop));
    }
}
