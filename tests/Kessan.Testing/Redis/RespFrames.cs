using System.Buffers.Text;

namespace Kessan.Testing.Redis;

/// <summary>Where replies end in a stream of RESP2 or RESP3. Thread safety: static.</summary>
internal static class RespFrames
{
    /// <summary>The bytes of the first whole reply; 0 if it is not all there yet.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        return Skip(bytes, ref position) ? position : 0;
    }

    /// <summary>Whether a whole reply is a published message: an array or a push whose first item is the word.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> frame)
        => frame.Length > 4 && frame[0] is (byte)'*' or (byte)'>' && frame[(frame.IndexOf((byte)'\n') + 1)..].StartsWith("$7\r\nmessage\r\n"u8);

    private static bool Skip(ReadOnlySpan<byte> bytes, ref int position)
    {
        var end = bytes[position..].IndexOf((byte)'\n');
        if (end < 0) return false;
        var line = bytes.Slice(position, end - 1);
        position += end + 1;
        switch (line[0])
        {
            case (byte)'$' or (byte)'=' or (byte)'!':
                var length = Number(line);
                if (length >= 0) position += length + 2;
                return position <= bytes.Length;
            case (byte)'*' or (byte)'~' or (byte)'>':
                return SkipItems(bytes, ref position, Number(line));
            case (byte)'%' or (byte)'|':
                return SkipItems(bytes, ref position, 2 * Number(line));
            default:
                return true;
        }
    }

    private static bool SkipItems(ReadOnlySpan<byte> bytes, ref int position, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!Skip(bytes, ref position)) return false;
        }

        return true;
    }

    private static int Number(ReadOnlySpan<byte> line)
        => Utf8Parser.TryParse(line[1..], out int number, out _) ? number : throw new InvalidDataException("No RESP.");
}
