using Kessan.Caching.Keys;
using Kessan.Caching.Quotas;
using Kessan.Caching.Sessions;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Get or make, quotas, sessions.</summary>
public sealed class CacheServiceExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task AnExpensiveValue_IsMadeOnce()
    {
        var made = 0;

        for (var i = 0; i < 3; i++)
            Assert.Equal("expensive", await Cache.GetOrSetAsync("expensive_operation:key", ComputeAsync, CacheDataType.AiAnalysis, cancellationToken: Stop));

        Assert.Equal(1, made);
        Assert.InRange((await Redis.GetTimeToLiveAsync("expensive_operation:key", Stop))!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));

        async ValueTask<string> ComputeAsync(CancellationToken token)
        {
            await Task.Yield();
            made++;
            return "expensive";
        }
    }

    [Fact]
    public async Task AQuota_IsChargedAndRead()
    {
        var charged = await Cache.TrackQuotaAsync("user123", QuotaWindow.Daily, cancellationToken: Stop);
        await Cache.TrackQuotaAsync("user123", QuotaWindow.Daily, cost: 4, cancellationToken: Stop);
        var now = await Cache.GetQuotaAsync("user123", QuotaWindow.Daily, cancellationToken: Stop);

        Assert.Equal((1, 5), (charged.Usage, now.Usage));
        Assert.InRange(now.Reset, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task ASession_IsKeptAndProlongedByReading()
    {
        var begun = new DateTimeOffset(2024, 1, 15, 10, 0, 0, TimeSpan.Zero);

        var write = await Cache.SetSessionAsync("user123", new UserState("dark", begun), cancellationToken: Stop);
        var read = await Cache.GetSessionAsync<UserState>("user123", Stop);

        Assert.Equal(SessionWriteStatus.Stored, write.Status);
        Assert.Equal((SessionStatus.Found, "dark", begun), (read.Status, read.Value!.Theme, read.Value.LastActivity));
        Assert.InRange(read.TimeLeft, TimeSpan.FromMinutes(29.9), TimeSpan.FromMinutes(30));
    }
}
