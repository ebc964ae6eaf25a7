using System.Text;

namespace Kessan.Caching.Redis.Keys;

/// <summary>The slots of Redis Cluster: CRC-16/XMODEM of the hash tag, modulo 16,384 (Redis Cluster specification).</summary>
internal static class HashSlot
{
    public const int Count = 16384;

    private static readonly ushort[] Table = MakeTable();
    private static readonly Lazy<string[]> Tags = new(MakeTags);

    /// <summary>The slot of a key.</summary>
    public static int Of(string key)
    {
        var hashed = TryGetTag(key, out var tag) ? tag : key.AsSpan();
        Span<byte> buffer = stackalloc byte[512];
        var bytes = hashed.Length <= 170 ? buffer[..Encoding.UTF8.GetBytes(hashed, buffer)] : Encoding.UTF8.GetBytes(hashed.ToArray());
        return Of(bytes);
    }

    /// <summary>The part between the first <c>{</c> and the first <c>}</c> after it, if there is one and it is not empty.</summary>
    public static bool TryGetTag(ReadOnlySpan<char> key, out ReadOnlySpan<char> tag)
    {
        tag = default;
        var open = key.IndexOf('{');
        if (open < 0) return false;
        var length = key[(open + 1)..].IndexOf('}');
        if (length <= 0) return false;
        tag = key.Slice(open + 1, length);
        return true;
    }

    /// <summary>A short hash tag that lies in a slot; there is one for every slot.</summary>
    public static string TagFor(int slot) => Tags.Value[slot];

    private static int Of(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var value in bytes) crc = (ushort)((crc << 8) ^ Table[((crc >> 8) ^ value) & 0xFF]);
        return crc % Count;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ushort)(i << 8);
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
            table[i] = crc;
        }

        return table;
    }

    private static string[] MakeTags()
    {
        var tags = new string[Count];
        Span<byte> digits = stackalloc byte[16];
        for (int number = 0, found = 0; found < Count; number++)
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(number, digits, out var length);
            ref var tag = ref tags[Of(digits[..length])];
            if (tag is not null) continue;
            tag = Encoding.ASCII.GetString(digits[..length]);
            found++;
        }

        return tags;
    }
}
