using System.Text;
using Kessan.Caching.Redis.Backplane;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis.Tests.Backplane;

public sealed class MessageFormatTests
{
    // As format 1 stands on the wire. It must be read for ever: nodes of different versions share a channel.
    private const string Stored =
        "01" + "01" + "02000000" + "2A00000000000000" + "04" + "6E6F6465" + "3030303031373930303030303030303030303031" + "73746F636B5F70726963653A37323033";

    [Fact]
    public void TryDecode_StoredExample_IsRead()
    {
        Assert.True(MessageFormat.TryDecode(Convert.FromHexString(Stored), new SenderNames(), out var message));

        Assert.Equal(new StoreMessage(StoreMessageKind.Set, "node", 2, 42, "stock_price:7203", 1790000000000001), message);
    }

    [Fact]
    public void Head_AsTheScriptCompletesIt_IsTheStoredExample()
    {
        byte[] bytes =
        [
            1, .. MessageFormat.Head("node"u8.ToArray(), 2, 42), .. "00001790000000000001"u8, .. "stock_price:7203"u8,
        ];

        Assert.Equal(Stored, Convert.ToHexString(bytes));
    }

    [Fact]
    public void TryDecode_Heartbeat_IsRead()
    {
        var bytes = MessageFormat.Encode(StoreMessageKind.Heartbeat, Encoding.ASCII.GetBytes("node"), 1, 7, long.MaxValue);

        Assert.True(MessageFormat.TryDecode(bytes, new SenderNames(), out var message));
        Assert.Equal(new StoreMessage(StoreMessageKind.Heartbeat, "node", 1, 7, "", long.MaxValue), message);
    }

    [Fact]
    public void TryDecode_AnyOtherBytes_AreRefused()
    {
        var bytes = Convert.FromHexString(Stored);
        var names = new SenderNames();

        for (var length = 0; length < 39; length++) Assert.False(MessageFormat.TryDecode(bytes.AsSpan(0, length), names, out _));
        Assert.False(MessageFormat.TryDecode([99, .. bytes[1..]], names, out _));
        Assert.False(MessageFormat.TryDecode([1, 2, .. bytes[2..]], names, out _));
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            MessageFormat.TryDecode(noise, names, out _);
        }
    }
}
