using System.Globalization;
using Kessan.Caching.Redis.Connections;

namespace Kessan.Caching.Redis.Scan;

/// <summary>Reads INFO of every primary and adds it up.</summary>
internal static class ServerInfoReader
{
    public static async Task<RedisServerInfo> ReadAsync(RedisConnection connection, CancellationToken cancellationToken)
    {
        var link = await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var servers = await Task.WhenAll(link.Primaries.Select(shard => ReadAsync(link, shard))).WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        return new RedisServerInfo
        {
            UsedMemoryBytes = Sum(server => server.UsedMemoryBytes),
            MaximumMemoryBytes = Sum(server => server.MaximumMemoryBytes) is > 0 and var limit ? limit : null,
            TotalCommands = Sum(server => server.TotalCommands),
            Uptime = servers.Min(server => server.Uptime),
            ConnectedClients = (int?)Sum(server => server.ConnectedClients),
            KeyspaceHits = Sum(server => server.KeyspaceHits),
            KeyspaceMisses = Sum(server => server.KeyspaceMisses),
            Keys = Sum(server => server.Keys),
        };

        // A sum with an unknown part is unknown.
        long? Sum(Func<RedisServerInfo, long?> field) => servers.Any(server => field(server) is null) ? null : servers.Sum(field);
    }

    private static async Task<RedisServerInfo> ReadAsync(RedisLink link, RedisShard shard)
    {
        var fields = await ServerInfo.ReadAsync(shard.Server, "everything").ConfigureAwait(false);
        var keys = await shard.Server.ExecuteAsync(link.Database.Database, "DBSIZE", []).ConfigureAwait(false);
        return new RedisServerInfo
        {
            // The second name of each is Garnet's.
            UsedMemoryBytes = Number(fields, "used_memory") ?? Number(fields, "proc_physical_memory_size"),
            MaximumMemoryBytes = Number(fields, "maxmemory") ?? 0,
            TotalCommands = Number(fields, "total_commands_processed"),
            Uptime = Number(fields, "uptime_in_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ConnectedClients = (int?)(Number(fields, "connected_clients") ?? Number(fields, "total_connections_active")),
            KeyspaceHits = Number(fields, "keyspace_hits") ?? Number(fields, "total_found"),
            KeyspaceMisses = Number(fields, "keyspace_misses") ?? Number(fields, "total_notfound"),
            Keys = (long)keys,
        };
    }

    private static long? Number(IReadOnlyDictionary<string, string> fields, string name)
        => fields.TryGetValue(name, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? (long)number
            : null;
}
