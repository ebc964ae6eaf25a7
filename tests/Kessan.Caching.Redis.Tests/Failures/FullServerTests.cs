using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>A server that has no room (<c>noeviction</c>): whatever writes more is refused, what invalidates and what reads is not.</summary>
public sealed class FullServerTests : IAsyncLifetime
{
    private RedisServerProcess _server = null!;
    private RedisStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        _server = await RedisServerProcess.StartAsync();
        _store = await RedisNodes.OpenPatientAsync(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("stock:1")]
    [InlineData("*")]
    public async Task Tag_IsInvalidated(string tag)
    {
        var before = (await _store.GetTagGenerationsAsync([tag], Token))[0];
        Fill();

        await _store.RemoveTagsAsync([tag], Token);

        _server.Ask("CONFIG", "SET", "maxmemory", "0");
        Assert.NotEqual(before, (await _store.GetTagGenerationsAsync([tag], Token))[0]);
    }

    [Fact]
    public async Task SlidingEntry_IsReadAllTheSame()
    {
        await _store.SetAsync(new("k", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) }), Token);
        Fill();

        var reading = await _store.GetAsync("k", new StoreReadOptions { Slide = TimeSpan.FromMinutes(10) }, Token);

        Assert.Equal("x"u8.ToArray(), reading.Entry!.Payload.ToArray());
        Assert.InRange(reading.Entry.FreshLeft, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5)); // it could not be prolonged
    }

    private void Fill() => _server.Ask("CONFIG", "SET", "maxmemory", "1");
}
