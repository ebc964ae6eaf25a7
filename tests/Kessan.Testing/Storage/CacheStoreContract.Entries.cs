using Kessan.Caching.Storage;
using Xunit;

namespace Kessan.Testing.Storage;

public abstract partial class CacheStoreContract
{
    [Fact]
    public async Task Get_NoEntry_GivesNothing()
    {
        Assert.Null((await ReadAsync(Unique("nobody"))).Entry);
    }

    [Fact]
    public async Task Get_AfterSet_GivesEveryField()
    {
        var key = Unique("fields");
        var written = new StoredEntry
        {
            Payload = new ZstdSharp.Compressor(1).Wrap([0, 1, 2, 255, 13, 10]).ToArray(), // the cache service takes nothing that is not what it says
            Lifetime = TimeSpan.FromMinutes(5),
            StaleWindow = TimeSpan.FromHours(1),
            SourceCost = TimeSpan.FromMilliseconds(123),
            Tags = await ValidAsync(new TagGeneration("stock:7203", long.MinValue), new TagGeneration("市場", 42)),
            ContentType = "application/json; charset=utf-8",
            Traits = StoredEntryTraits.Raw | StoredEntryTraits.NoLocalCache,
            Codec = PayloadCodec.Zstandard,
        };

        var version = await WriteAsync(key, written);
        var read = (await ReadAsync(key)).Entry;

        Assert.NotNull(read);
        Assert.Equal(written.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(version, read.Version);
        Assert.True(version > 0);
        Assert.Equal(written.Lifetime, read.Lifetime);
        Assert.Equal(written.StaleWindow, read.StaleWindow);
        Assert.Equal(written.SourceCost, read.SourceCost);
        Assert.Equal(written.Tags, Written(read.Tags));
        Assert.Equal(written.ContentType, read.ContentType);
        Assert.Equal(written.Traits, read.Traits);
        Assert.Equal(written.Codec, read.Codec);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Get_AfterSet_GivesPayloadOfAnySize(int length)
    {
        var key = Unique("size");
        var payload = new byte[length];
        new Random(length).NextBytes(payload);

        await WriteAsync(key, Entry("") with { Payload = payload });

        Assert.Equal(payload, (await ReadAsync(key)).Entry!.Payload.ToArray());
    }

    [Fact]
    public async Task Get_EntryMadeEarlier_IsNeverYoungerThanItIs()
    {
        var key = Unique("age");
        await WriteAsync(key, Entry("x") with { Age = TimeSpan.FromSeconds(10) });

        await PassAsync(TimeSpan.FromMilliseconds(60));
        var entry = (await ReadAsync(key)).Entry!;

        Assert.InRange(entry.Age, TimeSpan.FromSeconds(10.055), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Get_AfterItsLifetime_GivesNothing()
    {
        var key = Unique("expiry");
        await WriteAsync(key, Entry("x", TimeSpan.FromMilliseconds(50)));

        await PassAsync(TimeSpan.FromMilliseconds(60));

        Assert.False((await ReadAsync(key)).Entry is { } entry && entry.FreshLeft > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("with space and \"quotes\" and \\ and *?[x]")]
    [InlineData("ключ:株:🚀")]
    [InlineData("own{tag}rest")]
    [InlineData("closing}brace")]
    [InlineData("{}empty")]
    [InlineData("open{brace")]
    [InlineData("}{")]
    public async Task Everything_OddKey_IsTheKeysOwn(string name)
    {
        var key = Unique(name);

        var nonce = await LeaseAsync(key);
        var filled = await Store.SetAsync(new StoreWrite(key, Entry("x"), WriteCondition.IfLeaseHeld(nonce)), Cancelled);
        var read = Text(await ReadAsync(key));
        var removal = await Store.RemoveAsync(key, Cancelled);

        Assert.True(filled.Stored);
        Assert.Equal("x", read);
        Assert.True(removal.Existed);
        Assert.Null((await ReadAsync(key)).Entry);
    }

    [Fact]
    public async Task Set_ManyTimes_VersionsRise()
    {
        var key = Unique("versions");
        var last = 0L;
        for (var i = 0; i < 200; i++)
        {
            var version = await WriteAsync(key, Entry($"{i}"));
            Assert.True(version > last);
            last = version;
        }

        var removal = await Store.RemoveAsync(key, Cancelled);

        Assert.True(removal.Version > last);
        Assert.True(await WriteAsync(key, Entry("again")) > removal.Version);
    }

    [Fact]
    public async Task Set_IfAbsent_OnlyWritesTheFirst()
    {
        var key = Unique("absent");

        var first = await Store.SetAsync(new StoreWrite(key, Entry("1"), WriteCondition.IfAbsent), Cancelled);
        var second = await Store.SetAsync(new StoreWrite(key, Entry("2"), WriteCondition.IfAbsent), Cancelled);

        Assert.True(first.Stored);
        Assert.Equal(new StoreWriteResult(false, first.Version), second);
        Assert.Equal("1", Text(await ReadAsync(key)));
    }

    [Fact]
    public async Task Set_IfVersion_OnlyReplacesThatVersion()
    {
        var key = Unique("if-version");
        var nothing = await Store.SetAsync(new StoreWrite(key, Entry("0"), WriteCondition.IfVersion(1)), Cancelled);
        var version = await WriteAsync(key, Entry("1"));

        var second = await Store.SetAsync(new StoreWrite(key, Entry("2"), WriteCondition.IfVersion(version)), Cancelled);
        var third = await Store.SetAsync(new StoreWrite(key, Entry("3"), WriteCondition.IfVersion(version)), Cancelled);

        Assert.Equal(new StoreWriteResult(false, 0), nothing);
        Assert.True(second.Stored);
        Assert.Equal(new StoreWriteResult(false, second.Version), third);
        Assert.Equal("2", Text(await ReadAsync(key)));
    }

    [Fact]
    public async Task Set_IfVersionFromManySides_LosesNothing()
    {
        var key = Unique("counter");
        await WriteAsync(key, Entry("0"));
        var other = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var store = worker % 2 == 0 ? Store : other;
            for (var done = 0; done < 10;)
            {
                var entry = (await store.GetAsync(key, StoreReadOptions.Default, Cancelled)).Entry!;
                var next = int.Parse(System.Text.Encoding.UTF8.GetString(entry.Payload.Span), System.Globalization.CultureInfo.InvariantCulture) + 1;
                var write = new StoreWrite(key, Entry($"{next}"), WriteCondition.IfVersion(entry.Version));
                if ((await store.SetAsync(write, Cancelled)).Stored) done++;
            }
        }));

        Assert.Equal("80", Text(await ReadAsync(key)));
    }

    [Fact]
    public async Task GetMany_SomeMissing_KeepsTheOrder()
    {
        var keys = Enumerable.Range(0, 700).Select(i => Unique($"many:{i}")).ToArray();
        var writes = keys.Where((_, i) => i % 3 != 0).Select(key => new StoreWrite(key, Entry(key))).ToArray();

        var written = await Store.SetManyAsync(writes, Cancelled);
        var read = await Store.GetManyAsync(keys, StoreReadOptions.Default, Cancelled);

        Assert.All(written, result => Assert.True(result.Stored));
        Assert.Equal(keys.Select((key, i) => i % 3 != 0 ? key : null), read.Select(Text));
        Assert.Empty(await Store.GetManyAsync([], StoreReadOptions.Default, Cancelled));
    }

    [Fact]
    public async Task SetMany_DifferentConditions_EachHasItsOutcome()
    {
        var taken = Unique("taken");
        var version = await WriteAsync(taken, Entry("old"));

        var results = await Store.SetManyAsync(
            [
                new StoreWrite(taken, Entry("new"), WriteCondition.IfAbsent),
                new StoreWrite(Unique("free"), Entry("new"), WriteCondition.IfAbsent),
                new StoreWrite(Unique("unleased"), Entry("new"), WriteCondition.IfLeaseHeld("nobody")),
            ],
            Cancelled);

        Assert.Equal([false, true, false], results.Select(result => result.Stored));
        Assert.Equal(version, results[0].Version);
        Assert.Equal(0, results[2].Version);
    }

    [Fact]
    public async Task RemoveMany_SomeMissing_SaysWhichExisted()
    {
        string[] keys = [Unique("a"), Unique("b"), Unique("c")];
        await WriteAsync(keys[0], Entry("x"));
        await WriteAsync(keys[2], Entry("x"));

        var removals = await Store.RemoveManyAsync(keys, Cancelled);

        Assert.Equal([true, false, true], removals.Select(removal => removal.Existed));
        Assert.All(removals, removal => Assert.True(removal.Version > 0));
        Assert.All(await Store.GetManyAsync(keys, StoreReadOptions.Default, Cancelled), reading => Assert.Null(reading.Entry));
    }

    [Fact]
    public async Task Touch_Entry_LivesAsLongFromNow()
    {
        var key = Unique("touch");
        var version = await WriteAsync(key, Entry("x", TimeSpan.FromSeconds(20)) with { Age = TimeSpan.FromSeconds(5) });

        var touched = await Store.TouchAsync(key, TimeSpan.FromMinutes(10), Cancelled);
        var entry = (await ReadAsync(key)).Entry!;

        Assert.True(touched);
        Assert.InRange(entry.FreshLeft, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(600.1));
        Assert.True(entry.Age >= TimeSpan.FromSeconds(5));
        Assert.True(entry.Version > version, "A new life is a new version.");
        Assert.False(await Store.TouchAsync(Unique("nobody"), TimeSpan.FromMinutes(1), Cancelled));
    }

    [Fact]
    public async Task Get_Sliding_ExtendsUpToItsLimit()
    {
        var key = Unique("slide");
        await WriteAsync(key, Entry("x", TimeSpan.FromSeconds(30)) with { Age = TimeSpan.FromSeconds(10) });
        var slide = new StoreReadOptions { Slide = TimeSpan.FromSeconds(60), SlideLimit = TimeSpan.FromSeconds(50) };

        var unlimited = (await Store.GetAsync(key, slide with { Slide = TimeSpan.FromSeconds(30), SlideLimit = null }, Cancelled)).Entry!;
        var limited = (await Store.GetAsync(key, slide, Cancelled)).Entry!;
        var plain = (await ReadAsync(key)).Entry!;
        var shorter = (await Store.GetAsync(key, slide with { Slide = TimeSpan.FromSeconds(1) }, Cancelled)).Entry!;

        Assert.InRange(unlimited.FreshLeft, TimeSpan.FromSeconds(20.1), TimeSpan.FromSeconds(30.1));
        Assert.InRange(limited.Lifetime, TimeSpan.FromSeconds(49.9), TimeSpan.FromSeconds(50.1));
        Assert.InRange(limited.FreshLeft, TimeSpan.FromSeconds(30.2), TimeSpan.FromSeconds(40.1));
        Assert.Equal(limited.Lifetime, plain.Lifetime);
        Assert.Equal(limited.Lifetime, shorter.Lifetime);
        Assert.Null((await Store.GetAsync(Unique("nobody"), slide, Cancelled)).Entry);
    }

    [Fact]
    public async Task GetMany_Sliding_ExtendsEach()
    {
        string[] keys = [Unique("s1"), Unique("nobody"), Unique("s2")];
        await WriteAsync(keys[0], Entry("1", TimeSpan.FromSeconds(10)));
        await WriteAsync(keys[2], Entry("2", TimeSpan.FromSeconds(10)));

        var read = await Store.GetManyAsync(keys, new StoreReadOptions { Slide = TimeSpan.FromSeconds(60) }, Cancelled);

        Assert.Equal(["1", null, "2"], read.Select(Text));
        Assert.True(read[2].Entry!.FreshLeft > TimeSpan.FromSeconds(50));
    }
}
