using Kessan.Caching.Storage;
using Xunit;

namespace Kessan.Testing.Storage;

public abstract partial class CacheStoreContract
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Lease_HeldByAnother_IsAnsweredWithItsTimeLeft()
    {
        var key = Unique("held");
        var other = await OpenAsync();

        var first = await Store.AcquireLeaseAsync(new LeaseRequest(key, "one", LeaseDuration), Cancelled);
        var second = await other.AcquireLeaseAsync(new LeaseRequest(key, "two", LeaseDuration), Cancelled);
        var again = await Store.AcquireLeaseAsync(new LeaseRequest(key, "one", LeaseDuration), Cancelled);

        Assert.Equal(LeaseOutcome.Granted, first.Outcome);
        Assert.True(first.Version > 0);
        Assert.Equal(LeaseOutcome.Held, second.Outcome);
        Assert.InRange(second.Remaining, TimeSpan.FromSeconds(25), LeaseDuration);
        Assert.Equal(LeaseOutcome.Granted, again.Outcome);
    }

    [Fact]
    public async Task Lease_DeadHolder_RunsOut()
    {
        var key = Unique("dead");
        await LeaseAsync(key, TimeSpan.FromMilliseconds(50));

        await PassAsync(TimeSpan.FromMilliseconds(70));

        Assert.Equal(
            LeaseOutcome.Granted, (await Store.AcquireLeaseAsync(new LeaseRequest(key, "next", LeaseDuration), Cancelled)).Outcome);
    }

    [Fact]
    public async Task Lease_Released_IsFreeAtOnce()
    {
        var key = Unique("released");
        var nonce = await LeaseAsync(key);

        await Store.ReleaseLeaseAsync(key, "somebody else", Cancelled);
        var held = await Store.AcquireLeaseAsync(new LeaseRequest(key, "next", LeaseDuration), Cancelled);
        await Store.ReleaseLeaseAsync(key, nonce, Cancelled);
        var free = await Store.AcquireLeaseAsync(new LeaseRequest(key, "next", LeaseDuration), Cancelled);

        Assert.Equal(LeaseOutcome.Held, held.Outcome);
        Assert.Equal(LeaseOutcome.Granted, free.Outcome);
    }

    [Fact]
    public async Task Lease_Renewed_LastsFromThen()
    {
        var key = Unique("renewed");
        var nonce = await LeaseAsync(key, TimeSpan.FromSeconds(20));

        var renewed = await Store.RenewLeaseAsync(key, nonce, TimeSpan.FromMinutes(1), Cancelled);
        var other = await Store.RenewLeaseAsync(key, "somebody else", TimeSpan.FromMinutes(1), Cancelled);
        var held = await Store.AcquireLeaseAsync(new LeaseRequest(key, "next", LeaseDuration), Cancelled);
        await Store.RemoveAsync(key, Cancelled);
        var voided = await Store.RenewLeaseAsync(key, nonce, TimeSpan.FromMinutes(1), Cancelled);

        Assert.True(renewed);
        Assert.False(other);
        Assert.True(held.Remaining > TimeSpan.FromSeconds(30));
        Assert.False(voided);
    }

    [Fact]
    public async Task Lease_FilledByItsHolder_EndsWithTheWrite()
    {
        var key = Unique("filled");
        var nonce = await LeaseAsync(key);

        var filled = await Store.SetAsync(new StoreWrite(key, Entry("1"), WriteCondition.IfLeaseHeld(nonce)), Cancelled);
        var again = await Store.SetAsync(new StoreWrite(key, Entry("2"), WriteCondition.IfLeaseHeld(nonce)), Cancelled);

        Assert.True(filled.Stored);
        Assert.Equal(new StoreWriteResult(false, filled.Version), again);
        Assert.Equal("1", Text(await ReadAsync(key)));
    }

    [Fact]
    public async Task Lease_VoidedByAWrite_RefusesTheOlderFill()
    {
        var key = Unique("fenced-set");
        var nonce = await LeaseAsync(key);
        var written = await WriteAsync(key, Entry("newer"));

        var fill = await Store.SetAsync(new StoreWrite(key, Entry("older"), WriteCondition.IfLeaseHeld(nonce)), Cancelled);

        Assert.Equal(new StoreWriteResult(false, written), fill);
        Assert.Equal("newer", Text(await ReadAsync(key)));
    }

    [Fact]
    public async Task Lease_VoidedByARemoval_RefusesTheOlderFill()
    {
        var key = Unique("fenced-remove");
        var nonce = await LeaseAsync(key);
        var removal = await Store.RemoveAsync(key, Cancelled);

        var fill = await Store.SetAsync(new StoreWrite(key, Entry("older"), WriteCondition.IfLeaseHeld(nonce)), Cancelled);

        Assert.False(removal.Existed);
        Assert.False(fill.Stored);
        Assert.Null((await ReadAsync(key)).Entry);
    }

    [Fact]
    public async Task Lease_ValueThere_AnswersTheValue()
    {
        var key = Unique("value");
        var version = await WriteAsync(key, Entry("x"));

        var plain = await Store.AcquireLeaseAsync(new LeaseRequest(key, "one", LeaseDuration), Cancelled);
        var older = await Store.AcquireLeaseAsync(
            new LeaseRequest(key, "one", LeaseDuration) { UnwantedVersion = version - 1 }, Cancelled);
        var unwanted = await Store.AcquireLeaseAsync(
            new LeaseRequest(key, "one", LeaseDuration) { UnwantedVersion = version }, Cancelled);

        Assert.Equal(LeaseOutcome.Value, plain.Outcome);
        Assert.Equal("x", Text(plain.Reading));
        Assert.Equal(version, plain.Reading.Entry!.Version);
        Assert.Equal(LeaseOutcome.Value, older.Outcome);
        Assert.Equal(LeaseOutcome.Granted, unwanted.Outcome);
    }

    [Fact]
    public async Task Lease_AnyVersionUnwanted_IsGranted()
    {
        var key = Unique("any");
        await WriteAsync(key, Entry("x"));

        var lease = await Store.AcquireLeaseAsync(
            new LeaseRequest(key, "one", LeaseDuration) { UnwantedVersion = long.MaxValue }, Cancelled);

        Assert.Equal(LeaseOutcome.Granted, lease.Outcome);
    }

    [Fact]
    public async Task Lease_Version_TellsWhichChangesCameBefore()
    {
        var key = Unique("order");
        var before = await WriteAsync(key, Entry("x"));

        var lease = await Store.AcquireLeaseAsync(
            new LeaseRequest(key, "one", LeaseDuration) { UnwantedVersion = before }, Cancelled);
        var after = await WriteAsync(key, Entry("y"));

        Assert.True(before < lease.Version);
        Assert.True(after >= lease.Version);
    }

    [Fact]
    public async Task Leases_Many_EachHasItsOutcome()
    {
        string[] keys = [.. Enumerable.Range(0, 30).Select(i => Unique($"lease:{i}"))];
        await WriteAsync(keys[1], Entry("x"));
        await LeaseAsync(keys[2]);

        var results = await Store.AcquireLeasesAsync([.. keys.Select(key => new LeaseRequest(key, "batch", LeaseDuration))], Cancelled);

        Assert.Equal(keys.Length, results.Length);
        Assert.Equal(LeaseOutcome.Value, results[1].Outcome);
        Assert.Equal(LeaseOutcome.Held, results[2].Outcome);
        Assert.Equal(28, results.Count(result => result.Outcome == LeaseOutcome.Granted));
    }

    [Fact]
    public async Task Lease_AskedByMany_IsGrantedToOne()
    {
        var key = Unique("race");
        var other = await OpenAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            (i % 2 == 0 ? Store : other).AcquireLeaseAsync(new LeaseRequest(key, $"n{i}", LeaseDuration), Cancelled).AsTask()));

        Assert.Single(results, result => result.Outcome == LeaseOutcome.Granted);
    }
}
