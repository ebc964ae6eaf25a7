using System.Net;
using System.Net.Sockets;

namespace Kessan.Testing;

/// <summary>Ports for what must be named before it listens, or listens on the same one again. Thread safety: safe.</summary>
/// <remarks>
/// They come from below the range out of which the kernel serves whoever binds port 0 (Linux: from 32768, others: from 49152), so no other
/// server of the tests and no outgoing connection takes one while nobody listens on it. Another process's may: it begins elsewhere.
/// </remarks>
public static class TestPorts
{
    /// <summary>How much higher a cluster node's bus port is. It belongs to whom the port was given.</summary>
    public const int BusOffset = 10_000;

    private const int First = 12_000;
    private const int Count = 10_000;

    private static int _next = new Random().Next(Count);
    private static int _given;

    /// <summary>A port of 127.0.0.1 that nobody listens on, given once in this process.</summary>
    public static int Next()
    {
        while (Interlocked.Increment(ref _given) <= Count)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (IsFree(port) && IsFree(port + BusOffset)) return port;
        }

        throw new InvalidOperationException("All ports were given.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
