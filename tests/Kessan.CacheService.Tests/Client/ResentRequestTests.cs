using System.Net;
using System.Net.Sockets;
using System.Text;
using Kessan.Caching.Client;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>One attempt is one: a request that may have been carried out is not sent again when the connection ends without an answer.</summary>
public sealed class ResentRequestTests
{
    private const string Answer = "HTTP/1.1 204 No Content\r\nKessan-Node: n\r\n\r\n";

    private static readonly Dictionary<string, Func<CacheServiceStore, Task>> Changes = new()
    {
        ["remove"] = store => store.RemoveAsync("k", Cancelled).AsTask(),
        ["touch"] = store => store.TouchAsync("k", TimeSpan.FromSeconds(9), Cancelled).AsTask(),
        ["acquire"] = store => store.AcquireLeaseAsync(new LeaseRequest("k", "n", TimeSpan.FromSeconds(1)), Cancelled).AsTask(),
        ["renew"] = store => store.RenewLeaseAsync("k", "n", TimeSpan.FromSeconds(1), Cancelled).AsTask(),
        ["release"] = store => store.ReleaseLeaseAsync("k", "n", Cancelled).AsTask(),
        ["charge"] = store => store.ChargeAsync(new QuotaCharge("api_quota:u:daily", "u", QuotaWindow.Daily, TimeSpan.FromDays(1)), Cancelled).AsTask(),
        ["pattern"] = store => store.RemoveByPatternAsync("k*", Cancelled).AsTask(),
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Change_ConnectionEndsWithoutAnAnswer_IsSentOnce(string change)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var arrivals = 0;
        var serving = ServeAsync();
        await using var consumer = ServiceStores.Open(new Uri($"http://{listener.LocalEndpoint}"));
        var store = consumer.Store();
        await store.ReleaseLeaseAsync("k", "n", Cancelled); // a connection that is used again

        await Assert.ThrowsAsync<CacheStoreException>(() => Changes[change](store));
        listener.Stop();
        await serving;

        Assert.Equal(2, arrivals);

        async Task ServeAsync()
        {
            while (true)
            {
                Socket connection;
                try
                {
                    connection = await listener.AcceptSocketAsync(Cancelled);
                }
                catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
                {
                    return;
                }

                using var _ = connection;
                while (await ReadHeadAsync(connection))
                {
                    if (++arrivals > 1) break;
                    await connection.SendAsync(Encoding.Latin1.GetBytes(Answer), Cancelled);
                }
            }
        }
    }

    // None of them has a body.
    private static async Task<bool> ReadHeadAsync(Socket connection)
    {
        var (head, buffer) = ("", new byte[4096]);
        while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.ReceiveAsync(buffer, Cancelled);
            if (read == 0) return false;
            head += Encoding.Latin1.GetString(buffer, 0, read);
        }

        return true;
    }
}
