using System.Net;
using System.Net.Sockets;
using System.Text;
using Kessan.CacheHost.Events;
using Kessan.Caching.Storage;
using Kessan.Testing;
using Microsoft.Extensions.Configuration;

namespace Kessan.CacheHost.Tests.Events;

/// <summary>A client that opens the event stream and never reads: it holds nothing up, and does not outlive its key.</summary>
public sealed class StuckReaderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_ReaderThatNeverReads_DoesNotWaitForIt()
    {
        await using var node = await StartAsync();
        using var reader = await OpenAsync(node);
        await FillAsync(node);
        await using var stalls = new StallWatch();
        var start = TimeProvider.System.GetTimestamp();

        await node.App.StopAsync(Cancelled);

        Assert.True(TimeProvider.System.GetElapsedTime(start) - stalls.Total < TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Key_Revoked_EndsTheStreamOfAReaderThatNeverReads()
    {
        await using var node = await StartAsync();
        using var reader = await OpenAsync(node);
        await FillAsync(node);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TryAsync());
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();

        configuration["Kessan:Security:ApiKeys:0:Key"] = "another-key-altogether";
        configuration.Reload();

        await Eventually.HoldsAsync(async () => await TryAsync() == HttpStatusCode.OK);

        // One stream at a time: whether there is room for another.
        async Task<HttpStatusCode> TryAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/events");
            using var answer = await node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
            return answer.StatusCode;
        }
    }

    private static Task<ServiceNode> StartAsync() => ServiceNode.StartAsync(
        settings: new() { ["Kessan:Service:Limits:EventStreamsAtOnce"] = "1", ["Kessan:Service:Events:Ring"] = "100000" });

    private static async Task<TcpClient> OpenAsync(ServiceNode node)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(node.Address.Host, node.Address.Port, Cancelled);
        var head = $"GET /v1/events HTTP/1.1\r\nHost: {node.Address.Authority}\r\nX-Api-Key: {ServiceNode.ReaderKey}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head), Cancelled);
        await Eventually.HoldsAsync(() => client.Available > 0);
        return client;
    }

    /// <summary>More events than the buffers on the way can take: some 20 MB.</summary>
    private static async Task FillAsync(ServiceNode node)
    {
        var log = node.Get<EventLog>();
        var key = new string('k', 500);
        for (var i = 1; i <= 40_000; i++) log.OnMessage(new StoreMessage(StoreMessageKind.Set, "n", 0, i, key, i));
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancelled); // for what the buffers take
    }
}
