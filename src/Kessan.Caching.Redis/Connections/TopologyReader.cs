using System.Net;
using Kessan.Caching.Redis.Keys;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Makes a <see cref="RedisTopology"/> out of what the client knows. Not safe for concurrent use.</summary>
internal sealed class TopologyReader(IConnectionMultiplexer multiplexer, ShardIds ids, TimeProvider time)
{
    private readonly Dictionary<EndPoint, RedisShard> _shards = [];
    private ClusterConfiguration? _configuration;
    private RedisTopology? _cluster;

    /// <summary>The present topology; <see langword="null"/> while no primary is known.</summary>
    public RedisTopology? Read()
    {
        var servers = multiplexer.GetServers();
        return Cluster(servers) is { } cluster ? ReadCluster(cluster.ClusterConfiguration!, servers) : ReadSingle(servers);
    }

    /// <summary>Lets the client ask the servers again for their roles and slots, which it does by itself only once a minute.</summary>
    /// <returns>Whether they have changed.</returns>
    public async Task<bool> ReloadAsync()
    {
        var before = Describe();
        await multiplexer.ConfigureAsync().ConfigureAwait(false);
        return Describe() != before;
    }

    private string Describe()
    {
        var servers = multiplexer.GetServers();
        return Cluster(servers) is { } cluster
            ? Describe(cluster.ClusterConfiguration!)
            : string.Join(' ', servers.Where(server => !server.IsReplica).Select(server => $"{server.EndPoint}"));
    }

    private static string Describe(ClusterConfiguration configuration) => string.Join(
        ' ', configuration.Nodes.Where(node => !node.IsReplica).Select(node => $"{node.EndPoint}={string.Join(',', node.Slots)}").Order(StringComparer.Ordinal));

    private static IServer? Cluster(IServer[] servers)
        => servers.Where(server => server.ServerType == ServerType.Cluster && server.ClusterConfiguration is not null)
            .OrderByDescending(server => server.IsConnected).FirstOrDefault();

    private RedisTopology? ReadSingle(IServer[] servers)
    {
        var primary = Array.Find(servers, server => server is { IsConnected: true, IsReplica: false } && server.ServerType != ServerType.Sentinel)
            ?? (servers.Length == 1 ? servers[0] : null);
        return primary is null ? null : new RedisTopology(Shard(primary));
    }

    private RedisTopology? ReadCluster(ClusterConfiguration configuration, IServer[] servers)
    {
        if (ReferenceEquals(configuration, _configuration)) return _cluster;
        var slots = new byte[HashSlot.Count];
        var primaries = new List<RedisShard>();
        foreach (var node in configuration.Nodes)
        {
            if (node.IsReplica || node.Slots.Count == 0 || node.EndPoint is null || primaries.Count == byte.MaxValue) continue;
            if (Array.Find(servers, server => server.EndPoint.Equals(node.EndPoint)) is not { } primary) return _cluster; // the client does not know it yet
            foreach (var range in node.Slots) slots.AsSpan(range.From, range.To - range.From + 1).Fill((byte)primaries.Count);
            primaries.Add(Shard(primary));
        }

        if (primaries.Count == 0) return null;
        _configuration = configuration;
        return _cluster = new RedisTopology(primaries, slots);
    }

    private RedisShard Shard(IServer server)
    {
        if (!_shards.TryGetValue(server.EndPoint, out var shard))
        {
            shard = new RedisShard(ids.Next(), server, time);
            _shards.Add(server.EndPoint, shard);
        }

        return shard;
    }
}
