using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Tags;

/// <summary>The generation of all entries has no end of life: a server that evicts what has one would take every entry with it.</summary>
public sealed class WildcardTests
{
    private const string Name = "kessan:tag:*";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generation_OfAllEntries_HasNoEndOfLife()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        await using var store = await RedisNodes.OpenPatientAsync(server.Address);

        await store.GetTagGenerationsAsync(["*", "stock:1"], Token);
        Assert.Equal(-1L, server.Ask("TTL", Name));
        Assert.InRange((long)server.Ask("TTL", "kessan:tag:stock:1")!, 44 * 86_400, 45 * 86_400);

        await store.RemoveTagsAsync(["*", "stock:1"], Token);
        Assert.Equal(-1L, server.Ask("TTL", Name));
        Assert.InRange((long)server.Ask("TTL", "kessan:tag:stock:1")!, 44 * 86_400, 45 * 86_400);

        await store.Cleaner.RunAsync(100, Token);
        Assert.Equal(-1L, server.Ask("TTL", Name));
    }

    [Fact]
    public async Task Generation_GivenAnEndBefore_LosesItWhenItIsRead()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        server.Ask("SET", Name, "12345", "EX", 1_000);
        await using var store = await RedisNodes.OpenPatientAsync(server.Address);

        Assert.Equal(12345L, Assert.Single(await store.GetTagGenerationsAsync(["*"], Token)));

        await Eventually.HoldsAsync(() => server.Ask("TTL", Name) is -1L);
    }
}
