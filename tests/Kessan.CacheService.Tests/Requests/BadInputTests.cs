using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Kessan.Testing;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests.Requests;

/// <summary>Requests that nobody should send: whatever comes, the service answers with no fault of its own, at once, and forgets it.</summary>
[Collection(RunsAlone.Name)]
public sealed class BadInputTests(ITestOutputHelper output)
{
    private static readonly string[] Methods = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "G T"];

    private static readonly string[] Rows =
    [
        "/v1/entries/{0}", "/v1/entries/batch-get", "/v1/entries/batch-set", "/v1/entries/batch-delete", "/v1/entries?pattern={0}", "/v1/leases/{0}",
        "/v1/leases/batch", "/v1/tags/{0}", "/v1/tags/generations", "/v1/tags/batch-delete", "/v1/stocks/{0}/price", "/v1/stocks/{0}/financials/{0}/{0}",
        "/v1/stocks/{0}", "/v1/markets/{0}", "/v1/sessions/{0}", "/v1/quotas/{0}/daily", "/v1/quotas/u/{0}", "/v1/statistics", "/v1/memory", "/health",
        "/health/detailed", "/{0}", "/v1/{0}/{0}",
    ];

    private static readonly string[] Headers =
    [
        "If-Match", "If-None-Match", "Kessan-Lease", "Cache-Control", "Accept", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Expect", "Range",
        "Authorization", "Content-Encoding",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/vnd.kessan.entry", "application/json; charset=utf-16", "text/plain", "x", "", "multipart/form-data; boundary=x",
    ];

    private static readonly string[] Queries = ["ttl", "type", "tag", "wait", "duration", "refresh", "unwanted", "limit", "cursor", "cost", "slide", "slide_limit", "renew", "date", "granted"];

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(60);

    [Fact]
    public async Task Requests_Generated_AreAnsweredWithoutFault()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}");
        using var faults = new LoggedFaults();
        await using var node = await ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Service:Limits:BodyTime"] = "00:00:00.300",
            ["Kessan:Service:Limits:LeaseWait"] = "00:00:00.100",
        }, configure: builder => builder.Logging.AddProvider(faults));
        await RunAsync(node, seed - 1, 200); // warm
        var before = Memory();
        var processBefore = Environment.WorkingSet;

        var statuses = await RunAsync(node, seed, LongRun.Count(5_000, 100_000));

        var after = Memory();
        output.WriteLine($"Heap before {before >> 20} MiB, after {after >> 20} MiB; process before {processBefore >> 20} MiB, after {Environment.WorkingSet >> 20} MiB");
        output.WriteLine(string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));
        foreach (var fault in faults.Seen) output.WriteLine(fault);
        Assert.Empty(faults.Seen);
        Assert.DoesNotContain(statuses.Keys, status => status >= 500 && status != 503);
        Assert.True(statuses.Keys.Count(status => status is 200 or 204 or 400 or 404) == 4, "The requests do not reach far enough.");
        Assert.True(after - before < 128L << 20, "Memory grows.");
        Assert.True(Environment.WorkingSet - processBefore < 512L << 20, "The process grows."); // what other tests hold is theirs
        await Eventually.HoldsAsync(() => node.Get<CacheHost.Requests.BodyBudget>().Held == 0);
    }

    private static async Task<Dictionary<int, int>> RunAsync(ServiceNode node, int seed, int count)
    {
        const int Workers = 8;
        var all = await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var random = new Random(seed + worker);
            var statuses = new Dictionary<int, int>();
            for (var i = 0; i < count / Workers; i++)
            {
                var status = await SendAsync(node.Address, random);
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
            }

            return statuses;
        }));
        return all.SelectMany(statuses => statuses).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));
    }

    /// <summary>Sends one request and reads the status; 0: the connection was closed without an answer.</summary>
    private static async Task<int> SendAsync(Uri address, Random random)
    {
        var (head, body) = Generate(address, random);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20)); // an answer that takes longer is none
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(head, patience.Token);
            foreach (var part in body)
            {
                await stream.WriteAsync(part, patience.Token);
                if (body.Count > 1) await Task.Delay(Drip, TimeProvider.System, patience.Token);
            }

            if (random.Next(8) == 0) client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var line = await reader.ReadLineAsync(patience.Token);
            return line is not null && line.Length > 11 && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
        }
        catch (IOException)
        {
            return 0; // refused before the body was through
        }
    }

    private static (byte[] Head, List<byte[]> Body) Generate(Uri address, Random random)
    {
        var target = new StringBuilder(string.Format(CultureInfo.InvariantCulture, Pick(random, Rows), Text(random)));
        for (var i = random.Next(4); i > 0; i--) target.Append(target.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(Pick(random, Queries)).Append('=').Append(Number(random));

        var head = new StringBuilder($"{Pick(random, Methods, 6)} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        if (random.Next(10) != 0) head.Append(CultureInfo.InvariantCulture, $"X-Api-Key: {ServiceNode.FullKey}\r\n");
        for (var i = random.Next(3); i > 0; i--) head.Append(CultureInfo.InvariantCulture, $"{Pick(random, Headers)}: {(random.Next(3) == 0 ? "\"" + Number(random) + "\"" : Text(random))}\r\n");

        List<byte[]> body = [];
        if (random.Next(3) != 0)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {Pick(random, ContentTypes, 2)}\r\n");
            var bytes = Body(random);
            switch (random.Next(6))
            {
                case 0:
                    head.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length + random.Next(1, 100)}\r\n"); // truncated
                    break;
                case 1:
                    head.Append("Transfer-Encoding: chunked\r\n");
                    bytes = [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. Encoding.ASCII.GetBytes(random.Next(2) == 0 ? "\r\n0\r\n\r\n" : "\r\nzz\r\n")];
                    break;
                case 2:
                    head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Number(random)}\r\n");
                    break;
                default:
                    head.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n");
                    break;
            }

            // Some bodies come in drips, a few of them longer than a body may take.
            if (random.Next(40) == 0 && bytes.Length > 1) body.AddRange(bytes.Chunk((bytes.Length / random.Next(2, 8)) + 1));
            else body.Add(bytes);
        }

        head.Append("\r\n");
        return (Encoding.Latin1.GetBytes(head.ToString()), body);
    }

    private static byte[] Body(Random random)
    {
        switch (random.Next(9))
        {
            case 6:
                // One thing wrong in an entry that is right otherwise: it gets further than one that is wrong all over.
                return Spoil(random, $$$"""{"entries":{"{{{Plain(random)}}}":{"value":"{{{Plain(random)}}}","tags":[{{{(random.Next(2) == 0 ? Json(random) : "\"t\"")}}}]},"{{{(random.Next(4) == 0 ? " " : "k")}}}":{"encoding":"base64","value":{{{(random.Next(2) == 0 ? Json(random) : "\"AQID\"")}}}} } }""");
            case 7:
                var damaged = new Caching.Storage.StoredEntry
                {
                    Payload = random.Next(2) == 0 ? new byte[random.Next(100)] : new ZstdSharp.Compressor(1).Wrap(new byte[random.Next(4 << 20)]).ToArray(),
                    Codec = Caching.Storage.PayloadCodec.Zstandard,
                    Lifetime = TimeSpan.FromSeconds(100),
                };
                return Caching.Storage.StoredEntryFormat.Encode(damaged);
            case 8:
                return Encoding.UTF8.GetBytes($$"""{"{{Pick(random, ["keys", "tags"])}}":["{{Pick(random, [" ", "\\t", "\u3000", "a", "b"])}}","c","d"]}""");
            case 0:
                var bytes = new byte[random.Next(2000)];
                random.NextBytes(bytes);
                return bytes;
            case 1:
                return Encoding.UTF8.GetBytes($$"""{"keys":["{{Plain(random)}}","k",{{Json(random)}}]}""");
            case 2:
                return Encoding.UTF8.GetBytes($$$"""{"entries":{"{{{Plain(random)}}}":{"encoding":{{{Json(random)}}},"value":{{{Json(random)}}},"ttl":{{{Json(random)}}},"tags":[{{{Json(random)}}}]} } }""");
            case 3:
                return Encoding.UTF8.GetBytes($$$"""{"leases":[{"key":"{{{Plain(random)}}}","nonce":{{{Json(random)}}},"duration":{{{Json(random)}}}}]}""");
            case 4:
                return Encoding.UTF8.GetBytes($$"""{"tags":[{{Json(random)}},"t"]}""");
            default:
                var entry = Caching.Storage.StoredEntryFormat.Encode(new() { Payload = new byte[random.Next(100)], Lifetime = TimeSpan.FromSeconds(random.Next(100)) });
                for (var i = random.Next(4); i > 0; i--) entry[random.Next(entry.Length)] = (byte)random.Next(256);
                return random.Next(2) == 0 ? entry : entry[..random.Next(entry.Length)];
        }
    }

    /// <summary>Puts a byte that is no UTF-8 into some text of it.</summary>
    private static byte[] Spoil(Random random, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        if (random.Next(2) == 0 && json.IndexOf("\"value\":\"", StringComparison.Ordinal) is > 0 and var at) bytes[at + 9] = 0xff;
        return bytes;
    }

    private static string Text(Random random) => random.Next(10) switch
    {
        8 => "%20",
        9 => new string('!', random.Next(4000)),
        0 => "%2e%2e",
        1 => "../" + Plain(random),
        2 => "%" + random.Next(256).ToString("x2", CultureInfo.InvariantCulture) + Plain(random),
        3 => "%ff%" + Plain(random),
        4 => new string('k', random.Next(2000)),
        5 => Uri.EscapeDataString("株:" + Plain(random)),
        6 => Plain(random) + "*?[\\",
        _ => Plain(random),
    };

    private static string Number(Random random) => random.Next(10) switch
    {
        9 => "%20",
        0 => "-1",
        1 => "1e308",
        2 => "NaN",
        3 => "99999999999999999999999",
        4 => "0x10",
        5 => "",
        6 => "true",
        7 => "0.5",
        _ => random.Next(1000).ToString(CultureInfo.InvariantCulture),
    };

    private static string Json(Random random) => random.Next(9) switch
    {
        0 => "null",
        1 => "1e400",
        2 => "\"\\ud800\"",
        3 => "\"x\"",
        4 => "[]",
        5 => "{\"a\":{\"a\":[[[1]]]}}",
        6 => "-0",
        7 => "\"\\u0000\"",
        _ => new string('[', 100),
    };

    private static string Plain(Random random) => "abcdefgh"[..random.Next(1, 8)];

    private static string Pick(Random random, string[] choices, int likely = 0)
        => choices[likely > 0 && random.Next(4) != 0 ? random.Next(likely) : random.Next(choices.Length)];

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
