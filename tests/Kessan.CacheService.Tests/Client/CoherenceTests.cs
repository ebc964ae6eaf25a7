using System.Globalization;
using Kessan.Caching;
using Kessan.Caching.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.CacheHost.Tests.Client;

/// <summary>Two replicas behind one address and two consumers: what one writes the other sees, and nobody sees it go back. It is measured how soon, and so alone.</summary>
[Collection(RunsAlone.Name)]
public sealed class CoherenceTests(RedisServers servers, ITestOutputHelper output)
{
    private const int Keys = 300;

    private static readonly TimeSpan NeverAfter = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rounds_TwoReplicasTwoConsumers_AreSeenAndNeverGoBack()
    {
        var server = new InMemoryCacheServer();
        await using var first = await ServiceNode.StartAsync(server);
        await using var second = await ServiceNode.StartAsync(server);
        await using var one = ServiceStores.Open([first.Address, second.Address]);
        await using var two = ServiceStores.Open([first.Address, second.Address]);

        var lags = await RunAsync(one, two, LongRun.Count(2_000, 100_000));

        Report(lags);
        Assert.True(lags[(int)(lags.Count * 0.99)] < TimeSpan.FromMilliseconds(100), "p99 is over 100 ms");
    }

    [Fact]
    public async Task Rounds_OverRedis_AreSeenAndNeverGoBack()
    {
        var settings = await servers.SettingsAsync("single");
        await using var first = await ServiceNode.StartAsync(hasStore: false, settings: settings);
        await using var second = await ServiceNode.StartAsync(hasStore: false, settings: settings);
        await using var one = ServiceStores.Open([first.Address, second.Address]);
        await using var two = ServiceStores.Open([first.Address, second.Address]);
        foreach (var node in (ServiceNode[])[first, second])
        {
            await Testing.Eventually.HoldsAsync(() => node.Get<CacheManager>().GetHealth() is { IsConnected: true, IsCoherent: true });
        }


        var lags = await RunAsync(one, two, LongRun.Count(2_000, 100_000));

        Report(lags);
        Assert.True(lags[(int)(lags.Count * 0.99)] < TimeSpan.FromMilliseconds(100), "p99 is over 100 ms");
    }

    [Fact]
    public async Task Rounds_WhileAReplicaIsKilledAndRestarted_ReadYourWritesHolds()
    {
        var server = new InMemoryCacheServer();
        await using var first = await ServiceNode.StartAsync(server);
        var port = Testing.TestPorts.Next();
        var second = await ServiceNode.StartAsync(server, port: port);
        await using var one = ServiceStores.Open([first.Address, second.Address]);
        await using var two = ServiceStores.Open([first.Address, second.Address]);

        var rounds = RunAsync(one, two, LongRun.Count(2_000, 100_000), isDisturbed: true);
        var restarts = 0;
        while (!rounds.IsCompleted)
        {
            await second.KillAsync();
            second = await ServiceNode.StartAsync(server, port: port);
            restarts++;
            await Task.WhenAny(rounds, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancelled));
        }

        await second.DisposeAsync();
        output.WriteLine($"{restarts} restarts");
        var lags = await rounds;
        Report(lags);
        Assert.True(lags.Count > LongRun.Count(2_000, 100_000) / 2, "Most writes were acknowledged by nobody.");
    }

    /// <summary>Each round writes a key at one consumer, reads it there at once, and reads it at the other until it is seen.</summary>
    private static async Task<List<TimeSpan>> RunAsync(ServiceProvider one, ServiceProvider two, int rounds, bool isDisturbed = false)
    {
        var lags = new List<TimeSpan>();
        var written = new int[Keys];
        var seen = new int[Keys];
        for (var round = 1; round <= rounds; round++)
        {
            var key = round * 7919 % Keys;
            var (writer, reader) = round % 2 == 0 ? (one.Cache(), two.Cache()) : (two.Cache(), one.Cache());
            var outcome = await writer.SetAsync(Name(key), Text(round), (CacheEntryOptions?)null, cancellationToken: Cancelled);
            var own = await writer.TryGetAsync<string>(Name(key), Cancelled);
            if (outcome.Status != EntryWriteStatus.Stored)
            {
                Assert.True(isDisturbed, $"A write ended as {outcome.Status}.");
                continue; // nobody acknowledged it; it is repeated when the service answers
            }

            Assert.Equal(Text(round), own.Value);

            written[key] = round;
            var since = TimeProvider.System.GetTimestamp();
            await using var stalls = new Testing.StallWatch();
            while (true)
            {
                var (asked, stalled) = (TimeProvider.System.GetElapsedTime(since), stalls.Total);
                var found = await reader.TryGetAsync<string>(Name(key), Cancelled);
                var value = found.Value is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
                if (value >= round)
                {
                    seen[key] = value;
                    lags.Add(TimeProvider.System.GetElapsedTime(since) - stalls.Total);
                    break;
                }

                Assert.True(value == 0 || value >= seen[key], $"Key {key} went back from {seen[key]} to {value}.");
                Assert.True(
                    value == 0 || asked - stalled < NeverAfter,
                    $"Round {round}: key {key} is still {value} after {asked}, {stalled} of it stalled: {found}; {(ReferenceEquals(reader, one.Cache()) ? one : two).GetRequiredService<CacheManager>().GetHealth()}.");
                Assert.True(
                    TimeProvider.System.GetElapsedTime(since) < Testing.Eventually.Patience, $"Round {round}: key {key} is still {value}.");
                await Task.Yield(); // a loop of hits would keep a thread from those who bring the news
            }
        }

        lags.Sort();
        return lags;
    }

    private void Report(List<TimeSpan> lags) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{lags.Count} rounds; seen by the other after p50 {lags[lags.Count / 2].TotalMilliseconds:F2} ms, p99 {lags[(int)(lags.Count * 0.99)].TotalMilliseconds:F2} ms, max {lags[^1].TotalMilliseconds:F2} ms"));

    private static string Name(int key) => $"rounds:{key}";

    private static string Text(int round) => round.ToString(CultureInfo.InvariantCulture);
}
