using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Where the client comes from: made by us, or registered by the host (Aspire's <c>AddRedisClient</c>).</summary>
internal interface IMultiplexerSource
{
    /// <summary>Whether closing the store closes the client.</summary>
    bool OwnsMultiplexer { get; }

    /// <summary>What the client is made with; <see langword="null"/>: only the client itself knows.</summary>
    ConfigurationOptions? Options => null;

    /// <summary>Makes the client, or finds it.</summary>
    Task<IConnectionMultiplexer> OpenAsync();
}

/// <summary>Makes a client of its own.</summary>
internal sealed class OwnMultiplexer(RedisConnectionSettings settings) : IMultiplexerSource
{
    public bool OwnsMultiplexer => true;

    public ConfigurationOptions Options => settings.CreateOptions();

    public async Task<IConnectionMultiplexer> OpenAsync()
        => await ConnectionMultiplexer.ConnectAsync(settings.CreateOptions()).ConfigureAwait(false);
}

/// <summary>Takes the client that the host registered, under the connection's name or without one; the host closes it.</summary>
internal sealed class RegisteredMultiplexer(IServiceProvider services, string connectionName) : IMultiplexerSource
{
    public bool OwnsMultiplexer => false;

    // Its factory connects synchronously, so it is called on a pool thread.
    public Task<IConnectionMultiplexer> OpenAsync() => Task.Run(
        () => services.GetKeyedService<IConnectionMultiplexer>(connectionName) ?? services.GetRequiredService<IConnectionMultiplexer>());
}
