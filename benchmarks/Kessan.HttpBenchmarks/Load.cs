using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kessan.HttpBenchmarks;

/// <summary>
/// Asks over sockets of its own, so that the generator takes as little of the processors as it can: each connection sends prepared bytes and
/// counts the bytes of the answer, whose length is that of <c>Content-Length</c>.
/// </summary>
internal static class Load
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LengthField = "\r\nContent-Length: "u8.ToArray();

    public static byte[] Get() => Encoding.ASCII.GetBytes(
        $"GET {Servers.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Servers.ApiKey}\r\n\r\n");

    public static byte[] Put() =>
    [
        .. Encoding.ASCII.GetBytes(
            $"PUT {Servers.Path}?ttl=3600 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Servers.ApiKey}\r\nContent-Type: application/json\r\nContent-Length: {Servers.Value.Length}\r\n\r\n"),
        .. Servers.Value,
    ];

    /// <summary>Loads a server for some seconds.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="settings">How long, over how many connections.</param>
    /// <param name="writesInHundred">How many of a hundred requests are writes.</param>
    public static async Task<LoadResult> RunAsync(int port, Settings settings, int writesInHundred = 0)
    {
        var until = Stopwatch.GetTimestamp() + (long)(settings.Seconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var connections = await Task.WhenAll(
            Enumerable.Range(0, settings.Connections).Select(number => Task.Run(() => ConnectAsync(port, until, number, writesInHundred))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        long[] latencies = [.. connections.SelectMany(latencies => latencies)];
        Array.Sort(latencies);
        return new LoadResult(latencies.Length / elapsed.TotalSeconds, latencies);
    }

    /// <summary>Loads a server until the just-in-time compiler must be done: by the requests answered, since a busy machine compiles late.</summary>
    public static async Task WarmAsync(int port, Settings settings, int writesInHundred = 0)
    {
        for (var answered = 0L; answered < 200_000;)
        {
            answered += (await RunAsync(port, settings with { Seconds = 2 }, writesInHundred)).Latencies.Length;
        }
    }

    /// <summary>Sends one request and gives the status.</summary>
    public static async Task<int> SendOnceAsync(int port, byte[] request)
    {
        using var socket = await OpenAsync(port);
        return await SendAsync(socket, request, new byte[64 * 1024]);
    }

    private static async Task<List<long>> ConnectAsync(int port, long until, int number, int writesInHundred)
    {
        using var socket = await OpenAsync(port);
        var (get, put) = (Get(), Put());
        var buffer = new byte[64 * 1024];
        var latencies = new List<long>(100_000);
        for (var i = number; Stopwatch.GetTimestamp() is var start && start < until; i++)
        {
            var isWrite = (i * 37 % 100) < writesInHundred;
            var status = await SendAsync(socket, isWrite ? put : get, buffer);
            if (status is not (200 or 202 or 204)) throw new InvalidOperationException($"The server answered {status}.");
            if (!isWrite) latencies.Add(Stopwatch.GetTimestamp() - start);
        }

        return latencies;
    }

    private static async Task<Socket> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static async ValueTask<int> SendAsync(Socket socket, byte[] request, byte[] buffer)
    {
        await socket.SendAsync(request, SocketFlags.None);
        var received = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None);
            if (read == 0) throw new InvalidOperationException("The server closed the connection.");
            received += read;
            if (LengthOf(buffer.AsSpan(0, received)) is { } length && received >= length) return Status(buffer);
        }
    }

    private static int Status(ReadOnlySpan<byte> head) => ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + (head[11] - '0');

    /// <summary>The length of the whole answer; null: its head is not there yet.</summary>
    private static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf(EndOfHead);
        if (end < 0) return null;
        var field = answer[..(end + 2)].IndexOf(LengthField);
        var length = 0;
        for (var i = field + LengthField.Length; field >= 0 && answer[i] is >= (byte)'0' and <= (byte)'9'; i++) length = (length * 10) + (answer[i] - '0');
        return end + EndOfHead.Length + length;
    }
}

/// <summary>What a run showed.</summary>
/// <param name="PerSecond">Reads a second.</param>
/// <param name="Latencies">The latencies of the reads in ticks of the stopwatch, in order.</param>
internal sealed record LoadResult(double PerSecond, long[] Latencies)
{
    /// <summary>A percentile, in milliseconds.</summary>
    public double Percentile(double part) => Latencies[(int)((Latencies.Length - 1) * part)] * 1000.0 / Stopwatch.Frequency;
}
