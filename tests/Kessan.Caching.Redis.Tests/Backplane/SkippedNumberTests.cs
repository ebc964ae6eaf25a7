using Kessan.Caching.Storage;
using Kessan.Testing.Redis;
using Kessan.Testing.Storage;

namespace Kessan.Caching.Redis.Tests.Backplane;

/// <summary>Numbers that are never published because the server did not know the script.</summary>
public sealed class SkippedNumberTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScriptUnknown_NumberIsVoidedBeforeTheNextHeartbeat()
    {
        RedisServers.SkipWithoutServer();
        await using var server = await RedisServerProcess.StartAsync();
        await using var other = await RedisNodes.OpenPatientAsync(server.Address);
        var heard = new RecordingSubscriber();
        await using var subscription = other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        await using var store = await RedisNodes.OpenPatientAsync(server.Address, options => options.HeartbeatInterval = TimeSpan.FromDays(1));
        await Eventually.HoldsAsync(() => store.Connection.Link!.Primaries[0].HasScripts);
        server.Ask("SCRIPT", "FLUSH");

        await store.SetAsync(new("k", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) }), Token);

        await Eventually.HoldsAsync(() => Of(StoreMessageKind.Set).SequenceEqual([2L]) && Of(StoreMessageKind.Void).SequenceEqual([1L]));
        IEnumerable<long> Of(StoreMessageKind kind) =>
            heard.Messages.Where(message => message.Sender == store.NodeId && message.Kind == kind).Select(message => message.Sequence);
    }
}
