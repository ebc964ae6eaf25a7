using System.Net;
using System.Net.Sockets;

namespace Kessan.Testing.Redis;

/// <summary>
/// Stands between a client and a server on loopback and loses a share of the published messages, as a server does that drops a slow
/// subscriber's buffer, or holds all replies back, as one does that is slow. Everything else goes through unchanged.
/// </summary>
public sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _serverPort;
    private readonly Random _random;
    private readonly Task _accepting;
    private int _dropped;

    /// <summary>Begins to listen on a free port.</summary>
    public LossyProxy(int serverPort, int seed = 1)
    {
        _serverPort = serverPort;
        _random = new Random(seed);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The share of messages that is lost; 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>Replies wait for this; completed: they do not wait.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How many messages were lost.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException || _stopping.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var client = accepted;
        using var server = new TcpClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, ended.Token);
            var up = client.GetStream().CopyToAsync(server.GetStream(), ended.Token);
            var down = CopyRepliesAsync(server.GetStream(), client.GetStream(), ended.Token);
            await Task.WhenAny(up, down);
            await ended.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception closed) when (closed is IOException or SocketException or OperationCanceledException)
        {
            // One of the two sides went away, and so does the other.
        }
    }

    private async Task CopyRepliesAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var held = 0;
        while (await from.ReadAsync(buffer.AsMemory(held), cancellationToken) is var read and > 0)
        {
            held += read;
            var (done, kept) = (0, 0);
            while (RespFrames.LengthOf(buffer.AsSpan(done, held - done)) is var length and > 0)
            {
                // What stays is moved together and goes out in one write.
                if (!IsLost(buffer.AsSpan(done, length)))
                {
                    buffer.AsSpan(done, length).CopyTo(buffer.AsSpan(kept));
                    kept += length;
                }

                done += length;
            }

            await Gate.WaitAsync(cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, kept), cancellationToken);
            buffer.AsSpan(done, held - done).CopyTo(buffer);
            held -= done;
            if (held == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private bool IsLost(ReadOnlySpan<byte> frame)
    {
        if (Loss <= 0 || !RespFrames.IsMessage(frame)) return false;
        lock (_random)
        {
            if (_random.NextDouble() >= Loss) return false;
        }

        Interlocked.Increment(ref _dropped);
        return true;
    }
}
