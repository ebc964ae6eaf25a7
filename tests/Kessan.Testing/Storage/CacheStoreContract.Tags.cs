using Kessan.Caching.Storage;
using Xunit;

namespace Kessan.Testing.Storage;

public abstract partial class CacheStoreContract
{
    [Fact]
    public async Task TagGenerations_MadeOnce_AreUniqueAndStay()
    {
        string[] tags = [Unique("t1"), Unique("t2"), Unique("t3")];
        var other = await OpenAsync();

        var first = await Store.GetTagGenerationsAsync(tags, Cancelled);
        var second = await other.GetTagGenerationsAsync([tags[2], tags[0]], Cancelled);

        Assert.DoesNotContain(0, first);
        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal([first[2], first[0]], second);
        Assert.Empty(await Store.GetTagGenerationsAsync([], Cancelled));
    }

    [Fact]
    public async Task RemoveTags_SomeTag_ChangesOnlyItsGeneration()
    {
        string[] tags = [Unique("t1"), Unique("t2")];
        var before = await Store.GetTagGenerationsAsync(tags, Cancelled);

        var counted = await Store.RemoveTagsAsync([tags[0]], Cancelled);
        var after = await Store.GetTagGenerationsAsync(tags, Cancelled);

        Assert.Equal(0, counted);
        Assert.NotEqual(before[0], after[0]);
        Assert.NotEqual(0, after[0]);
        Assert.Equal(before[1], after[1]);
    }

    [Fact]
    public async Task RemoveTags_CountableTag_RemovesAndCountsWhatIsFresh()
    {
        var tag = $"stock:{Unique("7203")}";
        var other = $"stock:{Unique("6758")}";
        var generations = await Store.GetTagGenerationsAsync([tag, other], Cancelled);
        var tagged = Enumerable.Range(0, 20).Select(i => Unique($"tagged:{i}")).ToArray();
        await Store.SetManyAsync(
            [.. tagged.Select(key => new StoreWrite(key, Entry("x", null, new TagGeneration(tag, generations[0]))))], Cancelled);
        await WriteAsync(Unique("untagged"), Entry("x", null, new TagGeneration(other, generations[1])));
        await WriteAsync(Unique("expired"), Entry("x", TimeSpan.FromMilliseconds(30), new TagGeneration(tag, generations[0])));
        await Store.RemoveAsync(tagged[0], Cancelled);
        await WriteAsync(tagged[1], Entry("x"));
        await PassAsync(TimeSpan.FromMilliseconds(40));

        var counted = await Store.RemoveTagsAsync([tag], Cancelled);
        var again = await Store.RemoveTagsAsync([tag], Cancelled);

        Assert.Equal(18, counted);
        Assert.Equal(0, again);
        Assert.Equal(1, (await Store.GetManyAsync(tagged, StoreReadOptions.Default, Cancelled)).Count(reading => reading.Entry is not null));
        Assert.NotNull((await ReadAsync(Unique("untagged"))).Entry);
    }

    [Fact]
    public async Task RemoveTags_EntryOfTheNewGeneration_Stays()
    {
        var tag = $"stock:{Unique("9984")}";
        await Store.RemoveTagsAsync([tag], Cancelled);
        var generation = (await Store.GetTagGenerationsAsync([tag], Cancelled))[0];
        await WriteAsync(Unique("new"), Entry("x", null, new TagGeneration(tag, generation)));

        Assert.Equal(generation, (await Store.GetTagGenerationsAsync([tag], Cancelled))[0]);
        Assert.Equal(generation, (await ReadAsync(Unique("new"))).Entry!.Tags.Single(carried => carried.Tag == tag).Generation);
        Assert.Equal(1, await Store.RemoveTagsAsync([tag], Cancelled));
    }

    [Fact]
    public async Task Scan_Pattern_FindsEachKeyAndNothingElse()
    {
        var keys = Enumerable.Range(0, 250).Select(i => Unique($"scan:{i:D3}")).ToArray();
        await Store.SetManyAsync([.. keys.Select(key => new StoreWrite(key, Entry("x")))], Cancelled);
        await WriteAsync(Unique("other"), Entry("x"));
        await LeaseAsync(Unique("scan:lease"));

        Assert.Equal(keys, await ScanAllAsync(Unique("scan:*"), 40));
        Assert.Equal(keys[120..130], await ScanAllAsync(Unique("scan:12?"), 1000));
        Assert.Equal([keys[7]], await ScanAllAsync(keys[7], 10));
        Assert.Empty(await ScanAllAsync(Unique("nobody*"), 10));
    }

    [Fact]
    public async Task Scan_SpecialCharacters_StandForThemselves()
    {
        await WriteAsync(Unique(@"a[bc]\d^"), Entry("x"));
        await WriteAsync(Unique("ab"), Entry("x"));

        Assert.Equal([Unique(@"a[bc]\d^")], await ScanAllAsync(Unique(@"a[bc]\d^"), 100));
        Assert.Equal([Unique(@"a[bc]\d^")], await ScanAllAsync(Unique("a[bc]*"), 100));
    }

    [Fact]
    public async Task Scan_KeysRemovedBetweenPages_MissesNoneOfTheOthers()
    {
        var keys = Enumerable.Range(0, 100).Select(i => Unique($"sweep:{i}")).ToArray();
        await Store.SetManyAsync([.. keys.Select(key => new StoreWrite(key, Entry("x")))], Cancelled);

        string? cursor = null;
        do
        {
            var page = await Store.ScanAsync(Unique("sweep:*"), cursor, 20, Cancelled);
            await Store.RemoveManyAsync(page.Keys, Cancelled);
            cursor = page.Cursor;
        }
        while (cursor is not null);

        Assert.Empty(await ScanAllAsync(Unique("sweep:*"), 100));
    }

    [Fact]
    public async Task RemoveByPattern_Pattern_RemovesPublishesAndCounts()
    {
        var heard = new RecordingSubscriber();
        await using var subscription = Store.Subscribe(heard);
        await Eventually.HoldsAsync(() => heard.Alive > 0);
        var keys = Enumerable.Range(0, 50).Select(i => Unique($"flush:{i}")).ToArray();
        await Store.SetManyAsync([.. keys.Select(key => new StoreWrite(key, Entry("x")))], Cancelled);
        await WriteAsync(Unique("kept"), Entry("x"));

        var removed = await Store.RemoveByPatternAsync(Unique("flush:*"), Cancelled);

        Assert.Equal(50, removed);
        Assert.All(await Store.GetManyAsync(keys, StoreReadOptions.Default, Cancelled), reading => Assert.Null(reading.Entry));
        Assert.NotNull((await ReadAsync(Unique("kept"))).Entry);
        await Eventually.HoldsAsync(() => keys.All(key => heard.Of(StoreMessageKind.Removed, key).Any()));
    }

    private async Task<List<string>> ScanAllAsync(string pattern, int limit)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var page = await Store.ScanAsync(pattern, cursor, limit, Cancelled);
            keys.UnionWith(page.Keys);
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return [.. keys];
    }
}
