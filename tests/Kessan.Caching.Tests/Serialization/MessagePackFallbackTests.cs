using System.Text.Json;
using Kessan.Caching.Storage;
using Kessan.Caching.Tests.Engine;
using Kessan.Testing.Simulation;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Serialization;

/// <summary>Values that JSON cannot take go through the store as MessagePack, and back.</summary>
public sealed class MessagePackFallbackTests
{
    private const string Key = "k";

    private static readonly Dictionary<(int, int), string> Board = new() { [(1, 2)] = "a", [(3, 4)] = "b" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TypeThatJsonRefuses_IsMessagePackInTheStore_AndReadByAnotherNode()
    {
        await using var fleet = Fleet();

        await fleet[0].Cache.SetAsync(Key, Board, cancellationToken: Stop);
        var read = await fleet[1].Cache.TryGetAsync<Dictionary<(int, int), string>>(Key, Stop);

        Assert.Equal(CacheLayer.L2, read.Layer);
        Assert.Equal(Board, read.Value);
        Assert.Equal(StoredEntryTraits.MessagePack, (await StoredAsync(fleet)).Traits & StoredEntryTraits.MessagePack);
    }

    [Fact]
    public async Task Surface_WithArraysOfTwoDimensions_ComesBackWhole()
    {
        await using var fleet = Fleet();

        await fleet[0].Cache.SetAsync(Key, new JsonSupportTests.Surface("s", new[,] { { 1, 2.5 }, { 3, 4 } }), cancellationToken: Stop);
        var read = await fleet[1].Cache.TryGetAsync<JsonSupportTests.Surface>(Key, Stop);

        Assert.Equal(2.5, read.Value!.Volatility[0, 1]);
    }

    [Fact]
    public async Task KeysThatCouldBeMadeToCollide_AreNotTaken()
    {
        await using var fleet = Fleet();

        await Assert.ThrowsAsync<NotSupportedException>(
            async () => await fleet[0].Cache.SetAsync(Key, new Dictionary<JsonSupportTests.Price, int> { [new("7203", 1)] = 1 }, cancellationToken: Stop));
    }

    [Fact]
    public async Task TypeThatJsonTakes_StaysJson()
    {
        await using var fleet = Fleet();

        await fleet[0].Cache.SetAsync(Key, new Quote("7203", 1), cancellationToken: Stop);

        var stored = await StoredAsync(fleet);
        Assert.Equal(StoredEntryTraits.None, stored.Traits);
        Assert.Equal("7203", JsonDocument.Parse(stored.Payload).RootElement.GetProperty("Ticker").GetString());
    }

    [Fact]
    public async Task TypeWithASerializerOfTheApplications_KeepsIt()
    {
        var own = new BoardSerializer();
        await using var fleet = Fleet(services => services.AddSingleton<IHybridCacheSerializer<Dictionary<(int, int), string>>>(own));

        await fleet[0].Cache.SetAsync(Key, Board, cancellationToken: Stop);

        Assert.Equal("2"u8.ToArray(), (await StoredAsync(fleet)).Payload.ToArray());
    }

    [Fact]
    public async Task WrittenAsJsonBefore_IsReadAsJson()
    {
        await using var fleet = Fleet();
        var json = new StoredEntry { Payload = "[1,2]"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(1) };
        await fleet[0].Store.SetAsync(new StoreWrite(Key, json), Stop);

        var read = await fleet[0].Cache.TryGetAsync<int[]>(Key, Stop);

        Assert.Equal([1, 2], read.Value!);
    }

    [Fact]
    public async Task NodeWithoutIt_FindsNothing_AndTheOthersGoOn()
    {
        await using var fleet = Fleet();
        await using var plain = new SimulatedNode(fleet[0].Store, fleet.Time);
        await fleet[0].Cache.SetAsync(Key, Board, cancellationToken: Stop);

        Assert.False((await plain.Cache.TryGetAsync<Dictionary<(int, int), string>>(Key, Stop)).Found);

        Assert.True((await fleet[0].Cache.TryGetAsync<Dictionary<(int, int), string>>(Key, Stop)).Found);
    }

    [Fact]
    public async Task DamagedValue_IsAMiss()
    {
        await using var fleet = Fleet();
        var damaged = new StoredEntry { Payload = new byte[] { 0xDF, 0xFF, 0xFF, 0xFF, 0xFF }, Traits = StoredEntryTraits.MessagePack, Lifetime = TimeSpan.FromMinutes(1) };
        await fleet[0].Store.SetAsync(new StoreWrite(Key, damaged), Stop);

        Assert.False((await fleet[0].Cache.TryGetAsync<Dictionary<(int, int), string>>(Key, Stop)).Found);
    }

    // Nobody vouches for what stands in a store: a payload that nests without end must not take the process with it.
    [Fact]
    public async Task EndlesslyNestedValue_IsAMiss()
    {
        await using var fleet = Fleet();
        var nested = new StoredEntry
        {
            Payload = Enumerable.Repeat((byte)0x91, 1_000_000).ToArray(), // an array of one, in an array of one, ...
            Traits = StoredEntryTraits.MessagePack,
            Lifetime = TimeSpan.FromMinutes(1),
        };
        await fleet[0].Store.SetAsync(new StoreWrite(Key, nested), Stop);

        Assert.False((await fleet[0].Cache.TryGetAsync<object[]>(Key, Stop)).Found);
        Assert.False((await fleet[0].Cache.TryGetAsync<Dictionary<(int, int), object>>(Key, Stop)).Found);
    }

    private static SimulatedFleet Fleet(Action<IServiceCollection>? configure = null) => new(2, configure: services =>
    {
        configure?.Invoke(services);
        services.AddKessanCaching().AddMessagePackFallback();
    });

    private static async Task<StoredEntry> StoredAsync(SimulatedFleet fleet)
        => (await fleet[0].Store.GetAsync(Key, StoreReadOptions.Default, Stop)).Entry!;

    private sealed class BoardSerializer : IHybridCacheSerializer<Dictionary<(int, int), string>>
    {
        public Dictionary<(int, int), string> Deserialize(System.Buffers.ReadOnlySequence<byte> source) => Board;

        public void Serialize(Dictionary<(int, int), string> value, System.Buffers.IBufferWriter<byte> target)
        {
            target.GetSpan(1)[0] = (byte)('0' + value.Count);
            target.Advance(1);
        }
    }
}
