using CsCheck;
using Kessan.Caching.Redis.Keys;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Keys;

public sealed class RedisKeyNamesTests(RedisServers servers)
{
    private static readonly RedisKeyNames Names = new("");

    // Braces, reserved words and other scripts, far more often than in real keys.
    private static readonly string[] Parts = ["{", "}", "{}", "a", ":", "stock_price", "7203", "kessan:lease:", "株", "🚀", " ", "é"];
    private static readonly Gen<string> Keys = Gen.OneOf(
        Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[1, 12].Select(parts => string.Concat(parts)),
        Gen.String[Gen.Char['\u0020', '\u04ff'], 1, 300]);

    [Theory]
    [InlineData("stock_price:7203:latest", "kessan:lease:{stock_price:7203:latest}:")]
    [InlineData("order:{7203}:x", "kessan:lease:{7203}:order:{7203}:x")]
    [InlineData("open{brace", "kessan:lease:{open{brace}:")]
    public void Lease_Key_HasTheDocumentedName(string key, string lease)
    {
        Assert.Equal(lease, Names.Lease(key));
    }

    [Fact]
    public async Task Lease_AnyKey_LiesInTheSlotOfItsEntry()
    {
        var server = (await servers.ClusterAsync()).Servers[0];
        using var client = RespClient.Connect(server.Port);
        var prefixed = new RedisKeyNames("app:1:");

        Keys.Sample(
            key =>
            {
                foreach (var names in (RedisKeyNames[])[Names, prefixed])
                {
                    var entry = names.Entry(key);
                    var slot = SlotOf(entry);
                    Assert.Equal(slot, (long)client.Send("CLUSTER", "KEYSLOT", entry)!);
                    Assert.Equal(slot, (long)client.Send("CLUSTER", "KEYSLOT", names.Lease(entry))!);
                    Assert.Equal(slot, HashSlot.Of(entry));
                }
            },
            iter: 2_000,
            threads: 1);
    }

    [Fact]
    public void Lease_DifferentKeys_HaveDifferentNames()
    {
        Gen.Select(Keys, Keys).Where((a, b) => a != b).Sample((a, b) => Assert.NotEqual(Names.Lease(a), Names.Lease(b)), iter: 20_000);
    }

    [Fact]
    public void TagFor_EverySlot_LiesInIt()
    {
        for (var slot = 0; slot < HashSlot.Count; slot++)
        {
            Assert.Equal(slot, HashSlot.Of($"x{{{HashSlot.TagFor(slot)}}}y"));
            Assert.InRange(HashSlot.TagFor(slot).Length, 1, 6);
        }
    }

    [Fact]
    public void KeyOf_NameOfAnotherKind_IsNoKey()
    {
        var names = new RedisKeyNames("app:");

        Assert.Equal("stock_price:7203", names.KeyOf("app:stock_price:7203"));
        Assert.Null(names.KeyOf("other:stock_price:7203"));
        Assert.Null(names.KeyOf(names.Lease("app:x")));
        Assert.Null(names.KeyOf(names.Tag("x")));
        Assert.Null(names.KeyOf(names.Index("x")));
    }

    /// <summary>Bit by bit, so that it shares no table with the code under test.</summary>
    private static long SlotOf(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open);
        var hashed = close > open + 1 ? key[(open + 1)..close] : key;
        var crc = 0;
        foreach (var value in System.Text.Encoding.UTF8.GetBytes(hashed))
        {
            crc ^= value << 8;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : (crc << 1) & 0xFFFF;
        }

        return crc % 16384;
    }
}
