using System.Net.Sockets;
using System.Text;

namespace Kessan.CacheHost.Tests;

/// <summary>Requests that <see cref="HttpClient"/> would mend before it sends them.</summary>
internal static class RawRequest
{
    /// <summary>Sends a request line with headers and a body, and reads the answer to the end.</summary>
    public static Task<string> SendAsync(Uri address, string line, params string[] headers)
        => SendBytesAsync(address, Encoding.Latin1.GetBytes(
            $"{line}\r\nHost: {address.Authority}\r\nConnection: close\r\nX-Api-Key: {ServiceNode.FullKey}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"));

    /// <summary>Sends bytes, and reads the answer to the end.</summary>
    public static async Task<string> SendBytesAsync(Uri address, ReadOnlyMemory<byte> bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request whose body does not come, and reads the answer until it says this: the server waits for the rest a while.</summary>
    public static async Task<string> SendUntilAsync(Uri address, string end, string line, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"{line}\r\nHost: {address.Authority}\r\nX-Api-Key: {ServiceNode.FullKey}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"),
            TestContext.Current.CancellationToken);
        var (answer, buffer) = ("", new byte[4096]);
        while (!answer.Contains(end, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0) break;
            answer += Encoding.UTF8.GetString(buffer, 0, read);
        }

        return answer;
    }
}
