using System.Globalization;
using System.Net;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Tsavorite.core;

namespace Kessan.EmbeddedRedis;

/// <summary>
/// A Redis-compatible server (Microsoft Garnet) in this process, on loopback only, with Lua and publish/subscribe. Several may run in
/// one process. All members may be called from any thread.
/// </summary>
public sealed class EmbeddedRedisServer : IAsyncDisposable
{
    private readonly GarnetServer _server;
    private readonly DataDirectory? _data;
    private readonly Lock _disposing = new();
    private Task? _disposed;

    private EmbeddedRedisServer(GarnetServer server, DataDirectory? data, int port, string? password)
    {
        _server = server;
        _data = data;
        Port = port;
        ConnectionString = password is null ? $"127.0.0.1:{port}" : $"127.0.0.1:{port},password={password}";
    }

    /// <summary>The port on 127.0.0.1 that the server listens on.</summary>
    public int Port { get; }

    /// <summary>What StackExchange.Redis connects with. It contains the password, if there is one: not for logs.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether the data outlives the server.</summary>
    public bool IsPersistent => _data is not null;

    /// <summary>Starts a server; when the task completes it takes connections.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="EmbeddedRedisException">The port is taken, or the data directory is in use or cannot be read.</exception>
    public static Task<EmbeddedRedisServer> StartAsync(EmbeddedRedisOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem is { } problem)
            throw new ArgumentException(problem, nameof(options));

        // Garnet starts synchronously (half a second, longer with data to recover): a pool thread waits for it, not the caller.
        return Task.Run(() => Start(options), cancellationToken);
    }

    /// <summary>Closes all connections, writes what is not on disk yet (with a data directory) and frees the port.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_disposing)
        {
            return new ValueTask(_disposed ??= Task.Run(StopAsync));
        }
    }

    private static EmbeddedRedisServer Start(EmbeddedRedisOptions options)
    {
        using var reservation = LoopbackReservation.Take(options.Port);
        var data = options.DataDirectory is null ? null : DataDirectory.Take(options.DataDirectory);
        try
        {
            var server = new GarnetServer(Settings(options, reservation.Port, data));
            try
            {
                reservation.Share();
                server.Start();
                return new EmbeddedRedisServer(server, data, reservation.Port, options.Password);
            }
            catch
            {
                server.Dispose();
                throw;
            }
        }
        catch (Exception failure)
        {
            data?.Dispose();
            throw new EmbeddedRedisException(
                data is null
                    ? $"The embedded Redis cannot start: {failure.Message}"
                    : $"The embedded Redis cannot start with the data in '{data.Path}': {failure.Message}",
                failure);
        }
    }

    private async Task StopAsync()
    {
        try
        {
            if (IsPersistent)
                await _server.Store.CommitAOFAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _server.Dispose();
            _data?.Dispose();
        }
    }

    private static GarnetServerOptions Settings(EmbeddedRedisOptions options, int port, DataDirectory? data) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        AuthSettings = options.Password is null ? new NoAuthSettings() : new AclAuthenticationPasswordSettings(null, options.Password),
        EnableLua = true,
        LuaOptions = new LuaOptions(),
        // Garnet serves connections in parallel: only so is a script as atomic as it is in Redis.
        LuaTransactionMode = true,
        QuietMode = true,
        // INFO counts hits and misses (total_found, total_notfound) only when it samples.
        MetricsSamplingFrequency = 1,
        ExpiredKeyDeletionScanFrequencySecs = 60,

        LogMemorySize = options.MemoryLimit.ToString(CultureInfo.InvariantCulture),
        PageSize = "2m",
        IndexMemorySize = "8m",
        IndexMaxMemorySize = "256m",

        // The managed device: the native one needs libaio, which not every machine has. Without a directory a SAVE must not write
        // into the folder the program happens to stand in.
        DeviceType = DeviceType.RandomAccess,
        DeviceFactoryCreator = data is null
            ? new NullNamedDeviceFactoryCreator()
            : new LocalStorageNamedDeviceFactoryCreator(deviceType: DeviceType.RandomAccess),
        CheckpointDir = data?.Path,
        Recover = data is not null,
        FailOnRecoveryError = data is not null,
        EnableAOF = data is not null,
        AofMemorySize = "32m",
        AofPageSize = "8m",
        AofSegmentSize = "64m",
        // Past this size the data is written as a checkpoint and the log before it dropped.
        AofSizeLimit = data is null ? "" : "256m",
    };
}
