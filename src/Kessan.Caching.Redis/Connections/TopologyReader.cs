using System.Net;
using Kessan.Caching.Redis.Keys;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Makes a <see cref="RedisTopology"/> out of what the client knows. Not safe for concurrent use.</summary>
internal sealed class TopologyReader(IConnectionMultiplexer multiplexer, TimeProvider time)
{
    private readonly Dictionary<EndPoint, RedisShard> _shards = [];
    private ClusterConfiguration? _configuration;
    private RedisTopology? _cluster;

    /// <summary>The present topology; <see langword="null"/> while no primary is known.</summary>
    public RedisTopology? Read()
    {
        var servers = multiplexer.GetServers();
        var cluster = servers.Where(server => server.ServerType == ServerType.Cluster && server.ClusterConfiguration is not null)
            .OrderByDescending(server => server.IsConnected).FirstOrDefault();
        return cluster is null ? ReadSingle(servers) : ReadCluster(cluster.ClusterConfiguration!);
    }

    private RedisTopology? ReadSingle(IServer[] servers)
    {
        var primary = Array.Find(servers, server => server is { IsConnected: true, IsReplica: false } && server.ServerType != ServerType.Sentinel)
            ?? (servers.Length == 1 ? servers[0] : null);
        return primary is null ? null : new RedisTopology(Shard(primary));
    }

    private RedisTopology? ReadCluster(ClusterConfiguration configuration)
    {
        if (ReferenceEquals(configuration, _configuration)) return _cluster;
        var slots = new byte[HashSlot.Count];
        var primaries = new List<RedisShard>();
        foreach (var node in configuration.Nodes)
        {
            if (node.IsReplica || node.Slots.Count == 0 || node.EndPoint is null || primaries.Count == byte.MaxValue) continue;
            foreach (var range in node.Slots) slots.AsSpan(range.From, range.To - range.From + 1).Fill((byte)primaries.Count);
            primaries.Add(Shard(multiplexer.GetServer(node.EndPoint)));
        }

        if (primaries.Count == 0) return null;
        _configuration = configuration;
        return _cluster = new RedisTopology(primaries, slots);
    }

    private RedisShard Shard(IServer server)
    {
        if (!_shards.TryGetValue(server.EndPoint, out var shard))
        {
            shard = new RedisShard(_shards.Count, server, time);
            _shards.Add(server.EndPoint, shard);
        }

        return shard;
    }
}
