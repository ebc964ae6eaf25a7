using Kessan.Caching.Storage;
using Xunit;

namespace Kessan.Testing.Storage;

public abstract partial class CacheStoreContract
{
    [Fact]
    public async Task Messages_Changes_ReachEveryNode()
    {
        var other = await OpenAsync();
        var (own, others) = (new RecordingSubscriber(), new RecordingSubscriber());
        await using var first = Store.Subscribe(own);
        await using var second = other.Subscribe(others);
        await Eventually.HoldsAsync(() => own.Alive > 0 && others.Alive > 0);
        var (key, tag) = (Unique("heard"), Unique("tag"));

        var set = await WriteAsync(key, Entry("x"));
        var removal = await Store.RemoveAsync(key, Cancelled);
        await Store.RemoveTagsAsync([tag], Cancelled);
        await Store.ReleaseLeaseAsync(key, await LeaseAsync(key), Cancelled);

        foreach (var (heard, hearer) in ((RecordingSubscriber, ICacheStore)[])[(own, Store), (others, other)])
        {
            var setMessage = await heard.NextAsync(StoreMessageKind.Set, key);
            var removedMessage = await heard.NextAsync(StoreMessageKind.Removed, key);
            await heard.NextAsync(StoreMessageKind.TagRemoved, tag);
            await heard.NextAsync(StoreMessageKind.LeaseReleased, key);
            var sender = SenderOf(Store, hearer);
            Assert.Equal((sender, set), (setMessage.Sender, setMessage.Version));
            Assert.Equal((sender, removal.Version), (removedMessage.Sender, removedMessage.Version));
            Assert.Equal(0, heard.Overlaps);
        }

        Assert.NotEqual(Store.NodeId, other.NodeId);
    }

    [Fact]
    public async Task Messages_Touch_ReachesEveryNodeWithTheNewVersion()
    {
        var other = await OpenAsync();
        var (own, others) = (new RecordingSubscriber(), new RecordingSubscriber());
        await using var first = Store.Subscribe(own);
        await using var second = other.Subscribe(others);
        await Eventually.HoldsAsync(() => own.Alive > 0 && others.Alive > 0);
        var key = Unique("shortened");
        var written = await WriteAsync(key, Entry("x", TimeSpan.FromMinutes(10)));

        await Store.TouchAsync(key, TimeSpan.FromSeconds(5), Cancelled);

        foreach (var heard in (RecordingSubscriber[])[own, others])
        {
            await Eventually.HoldsAsync(() => heard.Of(StoreMessageKind.Set, key).Any(message => message.Version > written));
        }

        var entry = (await ReadAsync(key)).Entry!;
        Assert.Equal(entry.Version, others.Of(StoreMessageKind.Set, key).Max(message => message.Version));
        Assert.InRange(entry.FreshLeft, TimeSpan.Zero, TimeSpan.FromSeconds(5.1));
    }

    [Fact]
    public async Task Messages_Sequences_HaveNoHoles()
    {
        var other = await OpenAsync();
        var heard = new RecordingSubscriber();
        await using var subscription = other.Subscribe(heard);
        await using var own = Store.Subscribe(new RecordingSubscriber());
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        var sender = SenderOf(Store, other);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var key = Unique($"sequence:{i % 40}");
            if (i % 5 == 0) await Store.RemoveAsync(key, Cancelled);
            else if (i % 5 == 1) await Store.SetAsync(new StoreWrite(key, Entry("x"), WriteCondition.IfLeaseHeld("nobody")), Cancelled);
            else if (i % 5 == 2) await Store.RemoveTagsAsync([Unique($"tag:{i}")], Cancelled);
            else if (i % 10 == 4) await Store.TouchAsync(key, TimeSpan.FromMinutes(1), Cancelled);
            else if (i % 5 == 3) await Store.ReleaseLeaseAsync(key, "nobody", Cancelled);
            else await Store.SetAsync(new StoreWrite(key, Entry("x")), Cancelled);
        }));

        // A later heartbeat names the last number of each sequence.
        var done = heard.Messages.Count;
        await Eventually.HoldsAsync(() => heard.Messages.Skip(done).Any(FromHere), what: "a heartbeat comes");
        await Eventually.HoldsAsync(() => heard.Messages.Where(message => message.Sender == sender)
            .GroupBy(message => message.Shard).All(HasNoHoles));

        bool FromHere(StoreMessage message) => message.Kind == StoreMessageKind.Heartbeat && message.Sender == sender;

        bool HasNoHoles(IGrouping<int, StoreMessage> shard)
        {
            var last = shard.Where(message => message.Kind == StoreMessageKind.Heartbeat).Max(message => (long?)message.Sequence) ?? 0;
            var numbers = shard.Where(message => message.Kind != StoreMessageKind.Heartbeat).Select(message => message.Sequence).ToHashSet();
            return Enumerable.Range(1, (int)last).All(number => numbers.Contains(number));
        }
    }

    [Fact]
    public async Task Messages_Heartbeats_ProveTheChannelAgainAndAgain()
    {
        var heard = new RecordingSubscriber();
        await using var subscription = Store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);

        var before = heard.Alive;
        await PassAsync(TimeSpan.FromMilliseconds(600));
        await Eventually.HoldsAsync(() => heard.Alive > before && heard.LastAge < TimeSpan.FromSeconds(1));

        Assert.Equal((0, 0), (heard.Lost, heard.ServerChanged));
    }

    [Fact]
    public async Task Messages_SubscriptionDisposed_ComeNoMore()
    {
        var (gone, stays) = (new RecordingSubscriber(), new RecordingSubscriber());
        var subscription = Store.Subscribe(gone);
        await using var other = Store.Subscribe(stays);
        await Eventually.HoldsAsync(() => gone.Alive > 0 && stays.Alive > 0);

        await subscription.DisposeAsync();
        await WriteAsync(Unique("after"), Entry("x"));
        await stays.NextAsync(StoreMessageKind.Set, Unique("after"));

        Assert.Empty(gone.Of(StoreMessageKind.Set, Unique("after")));
    }

    [Fact]
    public async Task Messages_HeardLast_TheNewStateIsReadable()
    {
        var other = await OpenAsync();
        var heard = new RecordingSubscriber();
        await using var subscription = other.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        var (key, tag) = (Unique("readable"), Unique("tag"));
        var generation = (await other.GetTagGenerationsAsync([tag], Cancelled))[0];

        for (var i = 0; i < 100; i++)
        {
            var writing = WriteAsync(key, Entry($"{i}"));
            await ReadUntilNewAsync(StoreMessageKind.Set, key, i, async version =>
                (await other.GetAsync(key, StoreReadOptions.Default, Cancelled)).Entry?.Version >= version);
            await writing;

            var removing = Store.RemoveTagsAsync([tag], Cancelled).AsTask();
            await ReadUntilNewAsync(StoreMessageKind.TagRemoved, tag, i, async _ =>
                (await other.GetTagGenerationsAsync([tag], Cancelled))[0] != generation);
            await removing;
            generation = (await other.GetTagGenerationsAsync([tag], Cancelled))[0];
        }

        // Whoever reads after a message sees the change, or hears of it once more.
        async Task ReadUntilNewAsync(StoreMessageKind kind, string subject, int round, Func<long, Task<bool>> isNew)
        {
            await Eventually.HoldsAsync(() => heard.Of(kind, subject).Select(message => message.Version).Distinct().Count() > round);
            var version = heard.Of(kind, subject).Last().Version;
            var messages = heard.Of(kind, subject).Count();
            while (!await isNew(version))
            {
                await Eventually.HoldsAsync(() => heard.Of(kind, subject).Count() > messages, what: "another message comes");
                messages = heard.Of(kind, subject).Count();
            }
        }
    }
}
