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
}
