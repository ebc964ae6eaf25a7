using System.Diagnostics;
using System.Globalization;

namespace Kessan.Caching.Redis.Tests.Failures;

/// <summary>Another node of the fleet, as a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process) => _process = process;

    /// <summary>Starts one that waits patiently for Redis and holds leases that long, if not as long as usual.</summary>
    public static async Task<NodeProcess> StartAsync(string redis, TimeSpan? lease = null)
    {
        var milliseconds = (lease ?? new KessanCacheOptions().LeaseDuration).TotalMilliseconds;
        var start = new ProcessStartInfo(
            "dotnet", [typeof(Node.WatchedKeys).Assembly.Location, RedisNodes.Patient(redis), milliseconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var node = new NodeProcess(Process.Start(start)!);
        Assert.Equal("ready", await node.ReadAsync());
        return node;
    }

    /// <summary>Sends a command and reads the first line of the answer.</summary>
    public async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public async Task<string> ReadAsync()
        => await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60))
            ?? throw new InvalidOperationException("The node ended.");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
