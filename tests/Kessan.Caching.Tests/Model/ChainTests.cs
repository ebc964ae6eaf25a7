using CsCheck;
using Kessan.Caching.Storage;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Model;

/// <summary>
/// Two consumers, each with an L1 of its own, over two services with theirs, over one store: a consumer may hear of a change from one replica
/// and read through another that has not heard yet.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class ChainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadThroughAReplicaThatHasNotHeardYet_IsNotOld()
    {
        await using var services = new SimulatedFleet(2);
        await using var consumer = Consumer(services, 0, eventsFrom: 0);
        await using var other = Consumer(services, 1, eventsFrom: 1);
        foreach (var node in (SimulatedNode[])[consumer, other]) await node.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), cancellationToken: Stop);
        foreach (var entries in Entries(services)) await entries.GetAsync("k", pastL1: false, Stop); // both replicas hold it in L1

        services[1].Store.Fate = static message => message.Kind == StoreMessageKind.Heartbeat ? MessageFate.Deliver : MessageFate.Hold;
        await other.Cache.SetAsync("k", 2, cancellationToken: Stop);

        Assert.Equal(2, (await other.Cache.TryGetAsync<int>("k", Stop)).Value); // read your writes, whichever replica
        Assert.Equal(2, (await consumer.Cache.TryGetAsync<int>("k", Stop)).Value);
    }

    [Fact]
    public async Task StockInvalidatedAtOneConsumer_TheOtherAsksTheSource()
    {
        await using var services = new SimulatedFleet(2);
        await using var consumer = Consumer(services, 0, eventsFrom: 0);
        await using var other = Consumer(services, 1, eventsFrom: 1);
        const string Key = "stock_price:7203:latest";
        foreach (var node in (SimulatedNode[])[consumer, other]) await node.Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(1), cancellationToken: Stop);

        await consumer.Cache.RemoveByTagAsync("stock:7203", Stop);

        foreach (var node in (SimulatedNode[])[consumer, other])
        {
            Assert.Equal(2, await node.Cache.GetOrCreateAsync(Key, _ => ValueTask.FromResult(2), cancellationToken: Stop));
        }
    }

    [Fact]
    public async Task TwoConsumersOneColdKey_OneSourceCall()
    {
        await using var services = new SimulatedFleet(2);
        await using var consumer = Consumer(services, 0, eventsFrom: 0);
        await using var other = Consumer(services, 1, eventsFrom: 1);
        var gate = new TaskCompletionSource();
        var calls = 0;

        var callers = new[] { consumer, other }.SelectMany(node => Enumerable.Range(0, 100).Select(_ => node.Cache.GetOrCreateAsync("k", async _ =>
        {
            Interlocked.Increment(ref calls);
            await gate.Task;
            return 1;
        }).AsTask())).ToArray();
        await Settle.AllAsync();
        gate.SetResult();

        Assert.All(await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60), Stop), value => Assert.Equal(1, value));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task AnyInterleaving_NoConsumerAnswersOlderThanItKnows()
        => await Gen.Select(Gen.Int[0, 1_000_000], Gen.Select(Gen.Int[0, 7], Gen.Int[0, 1], Gen.Int[0, 3]).Array[5, 40]).SampleAsync(
            async run =>
            {
                var (seed, steps) = run;
                await using var services = new SimulatedFleet(2, seed: seed);
                SimulatedNode[] consumers = [Consumer(services, 0, eventsFrom: 0, seed), Consumer(services, 1, eventsFrom: 1, seed + 1)];
                var truth = 0;
                var floor = new int[2];
                bool[] holding = [false, false];
                for (var s = 0; s < 2; s++)
                {
                    var service = s;
                    services[s].Store.Fate = message => message.Kind != StoreMessageKind.Heartbeat && holding[service] ? MessageFate.Hold : MessageFate.Deliver;
                }

                foreach (var (kind, who, extra) in steps)
                {
                    switch (kind)
                    {
                        case 0 or 1 or 2:
                            var now = truth;
                            var read = await consumers[who].Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(now), tags: ["t"], cancellationToken: Stop);
                            Assert.True(read >= floor[who], $"consumer {who} answered {read} after it knew of {floor[who]}");
                            break;
                        case 3:
                            truth++;
                            await consumers[who].Cache.SetAsync("k", truth, tags: ["t"], cancellationToken: Stop);
                            floor[who] = truth;
                            if (!holding[1 - who]) floor[1 - who] = truth;
                            break;
                        case 4:
                            truth++;
                            await consumers[who].Cache.RemoveAsync("k", Stop);
                            floor[who] = truth;
                            if (!holding[1 - who]) floor[1 - who] = truth;
                            break;
                        case 5:
                            holding[who] = !holding[who];
                            if (!holding[who])
                            {
                                services[who].Store.DeliverHeld(extra < 2 ? null : static held => held.Reverse());
                                floor[who] = truth;
                            }

                            break;
                        case 6:
                            await services.PassAsync(TimeSpan.FromMilliseconds(100 * (extra + 1)));
                            break;
                        default:
                            await services.PassAsync(TimeSpan.FromSeconds(extra));
                            break;
                    }

                    await Settle.AllAsync();
                }

                for (var s = 0; s < 2; s++)
                {
                    holding[s] = false;
                    services[s].Store.DeliverHeld();
                }

                await services.PassAsync(TimeSpan.FromSeconds(6));
                foreach (var consumer in consumers)
                {
                    Assert.Equal(truth, await consumer.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(truth), tags: ["t"], cancellationToken: Stop));
                    await consumer.DisposeAsync();
                }
            },
            iter: PropertyRuns.Interleavings / 4,
            threads: 1,
            print: static run => $"seed {run.Item1}: {string.Join(" ", run.Item2)}");

    private static CacheEntries[] Entries(SimulatedFleet services)
        => [.. services.Nodes.Select(node => node.Services.GetRequiredService<CacheEntries>())];

    /// <summary>A consumer whose calls go to both replicas in turn, or as a seed draws them.</summary>
    private static SimulatedNode Consumer(SimulatedFleet services, int number, int eventsFrom, int? seed = null)
    {
        var routes = new Random(seed ?? 0);
        var chain = new ServiceChain($"consumer-{number}", Entries(services), services.Time) { EventsFrom = eventsFrom };
        if (seed is not null) chain.Route = _ => { lock (routes) return routes.Next(2); };
        return new SimulatedNode(new SimulatedStore(chain), services.Time);
    }
}
