using StackExchange.Redis;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Asks a server for INFO.</summary>
internal static class ServerInfo
{
    // In a script, because the client allows INFO itself only in its admin mode, which a connection of the host need not have.
    private const string Script = "return redis.call('INFO', ARGV[1])";

    /// <summary>The fields of a section by name.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IServer server, string section)
    {
        var info = await server.ExecuteAsync("EVAL", Script, 0, section).ConfigureAwait(false);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in ((string?)info ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#' && line.IndexOf(':') is > 0 and var colon) fields.TryAdd(line[..colon], line[(colon + 1)..]);
        }

        return fields;
    }
}
