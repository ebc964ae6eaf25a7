using Kessan.Caching.Redis.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

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

    public static Task<RedisStore> OpenAsync(string address, Action<RedisStoreOptions>? configure = null) => ConnectAsync(Create(address, configure));

    /// <summary>With a client that waits for answers longer than a machine under load needs: for tests that are not about timeouts.</summary>
    public static Task<RedisStore> OpenPatientAsync(string address, Action<RedisStoreOptions>? configure = null)
    {
        var options = new RedisStoreOptions();
        configure?.Invoke(options);
        var source = new PatientMultiplexer(RedisConnectionSettings.Parse(address));
        return ConnectAsync(new RedisStore(source, options, TimeProvider.System, NullLogger.Instance));
    }

    /// <summary>An address with such a client, for a host. A URL cannot say that and stays as it is.</summary>
    public static string Patient(string address)
        => address.Contains("://", StringComparison.Ordinal) ? address : $"{address},asyncTimeout=10000,syncTimeout=10000";

    private static async Task<RedisStore> ConnectAsync(RedisStore store)
    {
        await store.Connection.ConnectAsync();
        await Eventually.HoldsAsync(() => store.Connection.IsConnected);
        return store;
    }

    private sealed class PatientMultiplexer(RedisConnectionSettings settings) : IMultiplexerSource
    {
        public bool OwnsMultiplexer => true;

        public async Task<IConnectionMultiplexer> OpenAsync()
        {
            var options = settings.CreateOptions();
            options.AsyncTimeout = options.SyncTimeout = 10_000; // milliseconds
            return await ConnectionMultiplexer.ConnectAsync(options);
        }
    }
}
