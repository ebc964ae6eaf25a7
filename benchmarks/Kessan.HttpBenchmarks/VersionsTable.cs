using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Kessan.HttpBenchmarks;

/// <summary>What a consumer's client pays over HTTP/1.1 and over HTTP/2 without TLS.</summary>
internal static class VersionsTable
{
    public static async Task<int> RunAsync(Settings settings)
    {
        using var first = await ServerProcess.StartAsync("service");
        using var second = await ServerProcess.StartAsync("service", traces: false, "--http2", "true");
        await Load.SendOnceAsync(first.Port, Load.Put());
        using var one = NewClient(first.Port, HttpVersion.Version11);
        using var two = NewClient(second.Port, HttpVersion.Version20);
        using (var content = new ByteArrayContent(Servers.Value)) (await two.PutAsync(Servers.Path, content)).EnsureSuccessStatusCode();
        await RunAsync(one, settings with { Seconds = 3 });
        await RunAsync(two, settings with { Seconds = 3 });

        Console.WriteLine($"GET of an L1 hit by HttpClient, {settings.Connections} at a time, {settings.Seconds} s a run");
        Console.WriteLine("| pair | HTTP/1.1, requests/s | HTTP/2, requests/s | ratio |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        var ratios = new List<double>();
        for (var pair = 1; pair <= settings.Pairs; pair++)
        {
            var (ofOne, ofTwo) = (await RunAsync(one, settings), await RunAsync(two, settings));
            ratios.Add(ofTwo / ofOne);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {pair} | {ofOne:F0} | {ofTwo:F0} | {ratios[^1]:F3} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Median of the ratios: {PairsTable.Median(ratios):F3}"));
        return 0;
    }

    private static HttpClient NewClient(int port, Version version)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, EnableMultipleHttp2Connections = true })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Servers.ApiKey);
        return client;
    }

    private static async Task<double> RunAsync(HttpClient client, Settings settings)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < settings.Seconds)
            {
                await client.GetByteArrayAsync(Servers.Path);
                count++;
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
