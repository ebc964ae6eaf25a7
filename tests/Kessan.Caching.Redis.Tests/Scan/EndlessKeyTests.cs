using Kessan.Caching.Redis.Scripts;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Tests.Scan;

public sealed class EndlessKeyTests(RedisServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Between a look at a key and the wish to remove it, a lease may have been taken there.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Steps_ActOnKeysWithoutAnEndAlone(bool isEmbedded)
    {
        await using var store = await RedisNodes.OpenPatientAsync(
            isEmbedded ? (await servers.EmbeddedAsync()).ConnectionString : (await servers.SingleAsync()).Address);
        var link = await store.Connection.GetLinkAsync(Token);
        string endless = $"endless-{Guid.NewGuid():N}", taken = $"taken-{Guid.NewGuid():N}", tag = $"tag-{Guid.NewGuid():N}";
        await link.Database.StringSetAsync(endless, "x");
        await link.Database.StringSetAsync(tag, "x");
        await link.Database.StringSetAsync(taken, "x", TimeSpan.FromSeconds(30));

        Assert.Equal(1, await RunAsync(EndlessKeyScripts.Remove, endless));
        Assert.Equal(0, await RunAsync(EndlessKeyScripts.Remove, endless));
        Assert.Equal(0, await RunAsync(EndlessKeyScripts.Remove, taken));
        Assert.Equal(1, await RunAsync(EndlessKeyScripts.End, tag, 60_000));
        Assert.Equal(0, await RunAsync(EndlessKeyScripts.End, taken, 60_000));

        Assert.False(await link.Database.KeyExistsAsync(endless));
        Assert.InRange((await link.Database.KeyTimeToLiveAsync(taken))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange((await link.Database.KeyTimeToLiveAsync(tag))!.Value, TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(60));

        async Task<long> RunAsync(RedisScript script, string key, params RedisValue[] arguments) =>
            (long)await ScriptRunner.RunAsync(link, script, [key], arguments);
    }
}
