using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>The bytes of a message.</summary>
/// <remarks>
/// <code>
/// offset size  field                                          little-endian
///      0    1  kind                                           written by the script, which knows what became of the operation
///      1    1  format, 1
///      2    4  shard
///      6    8  sequence
///     14    1  length of sender s
///     15    s  sender, ASCII
///          20  version, decimal ASCII, left-padded with 0     written by the script; in a heartbeat the sender's own timestamp
///              subject, UTF-8, to the end
/// </code>
/// The part from 1 to the end of the sender is the head, which the client hands to the script.
/// </remarks>
internal static class MessageFormat
{
    private const byte Format = 1;
    private const int FixedHead = 14;
    private const int VersionLength = 20;

    public static byte[] Head(byte[] sender, int shard, long sequence)
    {
        var head = new byte[FixedHead + sender.Length];
        Write(head, sender, shard, sequence);
        return head;
    }

    /// <summary>A whole message, for those that no script makes.</summary>
    public static byte[] Encode(StoreMessageKind kind, byte[] sender, int shard, long sequence, long version)
    {
        var message = new byte[1 + FixedHead + sender.Length + VersionLength];
        message[0] = (byte)kind;
        Write(message.AsSpan(1), sender, shard, sequence);
        version.TryFormat(message.AsSpan(1 + FixedHead + sender.Length), out _, "D20", CultureInfo.InvariantCulture);
        return message;
    }

    /// <summary>Reads a message.</summary>
    /// <returns><see langword="false"/> if it is of a later format, or none of ours.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, SenderNames senders, out StoreMessage message)
    {
        message = default;
        if (bytes.Length < 1 + FixedHead || bytes[1] != Format || bytes[0] > (byte)StoreMessageKind.Heartbeat) return false;
        var sender = bytes.Slice(1 + FixedHead, Math.Min(bytes[FixedHead], bytes.Length - 1 - FixedHead));
        var rest = bytes[(1 + FixedHead + sender.Length)..];
        if (rest.Length < VersionLength
            || !long.TryParse(rest[..VersionLength], NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return false;

        message = new StoreMessage(
            (StoreMessageKind)bytes[0],
            senders.Get(sender),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[2..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[6..]),
            Encoding.UTF8.GetString(rest[VersionLength..]),
            version);
        return true;
    }

    private static void Write(Span<byte> head, byte[] sender, int shard, long sequence)
    {
        head[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], shard);
        BinaryPrimitives.WriteInt64LittleEndian(head[5..], sequence);
        head[13] = (byte)sender.Length;
        sender.CopyTo(head[FixedHead..]);
    }
}
