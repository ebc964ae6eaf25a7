using Kessan.Caching.Redis.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kessan.Caching.Redis.Tests;

/// <summary>Makes nodes as the registration does.</summary>
internal static class RedisNodes
{
    public static RedisStore Create(string address, Action<RedisStoreOptions>? configure = null)
    {
        var options = new RedisStoreOptions();
        configure?.Invoke(options);
        var source = new OwnMultiplexer(RedisConnectionSettings.Parse(address));
        return new RedisStore(source, options, TimeProvider.System, NullLogger.Instance);
    }

    public static async Task<RedisStore> OpenAsync(string address, Action<RedisStoreOptions>? configure = null)
    {
        var store = Create(address, configure);
        await store.Connection.ConnectAsync();
        await Eventually.HoldsAsync(() => store.Connection.IsConnected);
        return store;
    }
}
