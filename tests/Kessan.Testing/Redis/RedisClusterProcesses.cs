using System.Globalization;

namespace Kessan.Testing.Redis;

/// <summary>A cluster of three primaries and three replicas on loopback.</summary>
public sealed class RedisClusterProcesses : IAsyncDisposable
{
    private const int Slots = 16384;
    private const int PrimaryCount = 3;

    // On a busy machine a server may be silent for seconds that is not dead, and a handshake takes as long.
    private static readonly TimeSpan PatientTimeout = TimeSpan.FromSeconds(15);

    private RedisClusterProcesses(RedisServerProcess[] servers) => Servers = servers;

    /// <summary>At the start the first three are the primaries.</summary>
    public IReadOnlyList<RedisServerProcess> Servers { get; }

    /// <summary>The addresses of all six, for <c>REDIS_CLUSTER_NODES</c>.</summary>
    public string Nodes => string.Join(',', Servers.Select(server => $"redis://{server.Address}"));

    /// <summary>Starts one whose replicas take over within a second or two, for tests of just that.</summary>
    public static async Task<RedisClusterProcesses> StartForFailoverAsync()
    {
        var cluster = await StartAsync();
        cluster.SetNodeTimeout(TimeSpan.FromSeconds(1));
        return cluster;
    }

    /// <summary>Starts one that takes nobody for dead who is silent for less than 15 s.</summary>
    public static async Task<RedisClusterProcesses> StartAsync()
    {
        // One after the other: a port is known to be taken only when its server listens.
        List<RedisServerProcess> servers = [];
        try
        {
            while (servers.Count < 2 * PrimaryCount)
            {
                servers.Add(await RedisServerProcess.StartAsync(
                    "--cluster-enabled", "yes", "--cluster-node-timeout", $"{PatientTimeout.TotalMilliseconds}", "--cluster-replica-validity-factor", "0",
                    "--cluster-require-full-coverage", "no"));
            }

            var cluster = new RedisClusterProcesses([.. servers]);
            await cluster.JoinAsync();
            return cluster;
        }
        catch
        {
            foreach (var server in servers) await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on nobody is taken for dead who is silent for less than 15 s.</summary>
    public void BePatient() => SetNodeTimeout(PatientTimeout);

    /// <summary>The server that is primary of a slot now.</summary>
    public RedisServerProcess PrimaryOf(int slot)
    {
        foreach (var server in Servers.Where(Runs))
        {
            if (PrimaryPort(server, slot) is var port and not 0) return Servers.First(other => other.Port == port);
        }

        throw new InvalidOperationException($"Nobody serves slot {slot}.");
    }

    /// <summary>The port of a slot's primary, as one server sees it; 0: it knows none.</summary>
    public static long PrimaryPort(RedisServerProcess server, int slot)
    {
        foreach (var range in (object?[])server.Ask("CLUSTER", "SLOTS")!)
        {
            if (range is object?[] { Length: >= 3 } parts && (long)parts[0]! <= slot && slot <= (long)parts[1]!) return (long)((object?[])parts[2]!)[1]!;
        }

        return 0;
    }

    /// <summary>Waits until all slots are served by servers that run.</summary>
    public Task WaitUntilHealthyAsync() => Eventually.HoldsAsync(
        () => Servers.Where(Runs).All(server => Info(server, "cluster_state") == "ok" && Info(server, "cluster_slots_ok") == $"{Slots}"
            && Info(server, "cluster_slots_fail") == "0"),
        TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers) await server.DisposeAsync();
    }

    private async Task JoinAsync()
    {
        for (var i = 0; i < PrimaryCount; i++)
        {
            Servers[i].Ask("CLUSTER", "ADDSLOTSRANGE", Slots * i / PrimaryCount, (Slots * (i + 1) / PrimaryCount) - 1);
        }

        for (var i = 0; i < Servers.Count; i++) Servers[i].Ask("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
        await Eventually.HoldsAsync(() => Servers.Count(KnowsAll) == Servers.Count);
        for (var i = 0; i < PrimaryCount; i++)
        {
            var primary = (string)Servers[i].Ask("CLUSTER", "MYID")!;
            var replica = Servers[PrimaryCount + i];
            await Eventually.HoldsAsync(() => Accepts(replica, primary), what: "the replica knows its primary");
        }

        await WaitUntilHealthyAsync();
        await Eventually.HoldsAsync(() => Servers.Take(PrimaryCount).All(
            primary => ((string)primary.Ask("INFO", "replication")!).Contains("state=online", StringComparison.Ordinal)));
    }

    /// <summary>Whether a server knows all others; those that it does not know it meets, again if need be: a handshake may have failed.</summary>
    private bool KnowsAll(RedisServerProcess server)
    {
        var known = ((string)server.Ask("CLUSTER", "NODES")!).Split('\n').Where(line => !line.Contains("handshake", StringComparison.Ordinal)).ToArray();
        var unknown = Servers.Where(
            other => other != server && !known.Any(line => line.Contains($" {other.Address}@", StringComparison.Ordinal))).ToArray();
        foreach (var other in unknown) server.Ask("CLUSTER", "MEET", "127.0.0.1", other.Port);
        return unknown.Length == 0;
    }

    private void SetNodeTimeout(TimeSpan timeout)
    {
        foreach (var server in Servers.Where(Runs)) server.Ask("CONFIG", "SET", "cluster-node-timeout", (int)timeout.TotalMilliseconds);
    }

    private static bool Accepts(RedisServerProcess replica, string primary)
    {
        try
        {
            replica.Ask("CLUSTER", "REPLICATE", primary);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Runs(RedisServerProcess server)
    {
        try
        {
            return server.Ask("PING") is "PONG";
        }
        catch (Exception away) when (away is System.Net.Sockets.SocketException or IOException)
        {
            return false;
        }
    }

    private static string? Info(RedisServerProcess server, string field)
        => ((string)server.Ask("CLUSTER", "INFO")!).Split("\r\n")
            .FirstOrDefault(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{field}:"), StringComparison.Ordinal))
            ?[(field.Length + 1)..];
}
