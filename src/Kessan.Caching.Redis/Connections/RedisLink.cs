using Kessan.Caching.Redis.Keys;
using Kessan.Caching.Storage;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>A client that has been made, connected or not, and what is known of the servers behind it. Safe for concurrent use.</summary>
internal sealed class RedisLink
{
    /// <summary>Nothing is read from replicas: they may lag behind what was removed.</summary>
    public const CommandFlags Primary = CommandFlags.DemandMaster;

    private readonly Lock _refreshing = new();
    private readonly TopologyReader _reader;
    private volatile RedisTopology? _topology;
    private bool _rolesDoubted;

    public RedisLink(IConnectionMultiplexer multiplexer, ConfigurationOptions? options, string prefix, ShardIds ids, TimeProvider time)
    {
        Multiplexer = multiplexer;
        Database = multiplexer.GetDatabase();
        Names = new RedisKeyNames(prefix, Database.Database);
        _reader = new TopologyReader(multiplexer, ids, time);

        options ??= Describe(multiplexer);
        Channel = options is null || options.ChannelPrefix.IsNullOrEmpty ? Names.Channel : (string)options.ChannelPrefix! + Names.Channel;
        SharesConnection = options is { SharedSubscriptionConnection: true };
        Refresh(out _);
    }

    public IConnectionMultiplexer Multiplexer { get; }

    public IDatabase Database { get; }

    public RedisKeyNames Names { get; }

    /// <summary>The channel as the server knows it: the client puts its own prefix before what it subscribes to, not into scripts.</summary>
    public string Channel { get; }

    /// <summary>Whether messages may come over the connection that carries the commands.</summary>
    public bool SharesConnection { get; }

    public RedisTopology? Topology => _topology;

    public bool IsConnected => _topology is { } topology && topology.Primaries.All(shard => shard.IsConnected);

    /// <summary>The primary of a key.</summary>
    /// <exception cref="CacheStoreException">It is not connected: the operation need not be tried.</exception>
    public RedisShard ShardOf(string name)
    {
        var shard = (_topology ?? Refresh(out _))?.ShardOf(name);
        return shard is { IsConnected: true } ? shard : throw new CacheStoreException("Redis is not connected.");
    }

    /// <summary>The primaries.</summary>
    /// <exception cref="CacheStoreException">None is known yet.</exception>
    public IReadOnlyList<RedisShard> Primaries => _topology?.Primaries ?? throw new CacheStoreException("Redis is not connected.");

    /// <summary>A server that was a primary takes no writes any more: the client looks at roles by itself once a minute only.</summary>
    public void DoubtRoles() => Volatile.Write(ref _rolesDoubted, true);

    /// <summary>Whether the roles were doubted; whoever hears so asks for them.</summary>
    public bool TakeDoubt() => Interlocked.Exchange(ref _rolesDoubted, false);

    /// <summary>Asks the servers who is primary; <see cref="Refresh"/> then sees it.</summary>
    /// <returns>Whether roles or slots have changed.</returns>
    public Task<bool> ReloadAsync() => _reader.ReloadAsync();

    /// <summary>Looks again who is primary.</summary>
    /// <param name="changed">Whether it is another than before; not so for the first one.</param>
    public RedisTopology? Refresh(out bool changed)
    {
        lock (_refreshing)
        {
            var before = _topology;
            var now = _reader.Read() ?? before;
            changed = before is not null && now is not null && !now.HasSameShards(before);
            _topology = now;
            return now;
        }
    }

    /// <summary>What a client that the host made says of itself; nothing, if its password has a comma, which its text does not escape.</summary>
    private static ConfigurationOptions? Describe(IConnectionMultiplexer multiplexer)
    {
        try
        {
            return ConfigurationOptions.Parse(multiplexer.Configuration);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
