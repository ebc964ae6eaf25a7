using System.Buffers;
using System.Text;

namespace Kessan.Caching.Keys;

/// <summary>How one part of a key is written: <c>[A-Za-z0-9._~@-]</c> as it is, every other character as the percent-encoded bytes of its UTF-8.</summary>
/// <remarks>The percent sign is always encoded, so the form can be undone and no two texts share one.</remarks>
internal static class KeyPart
{
    private const string PlainCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@-";

    private static readonly SearchValues<char> Plain = SearchValues.Create(PlainCharacters);

    internal static bool IsPlain(ReadOnlySpan<char> part) => !part.ContainsAnyExcept(Plain);

    /// <summary>Writes a part; fails when the text is not valid UTF-16 or does not fit.</summary>
    internal static OperationStatus Encode(ReadOnlySpan<char> text, Span<char> destination, out int written)
    {
        written = 0;
        Span<byte> utf8 = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain != 0)
            {
                var run = plain < 0 ? text : text[..plain];
                if (!run.TryCopyTo(destination[written..])) return OperationStatus.DestinationTooSmall;
                written += run.Length;
                text = text[run.Length..];
                continue;
            }

            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done) return OperationStatus.InvalidData;
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                if (destination.Length - written < 3) return OperationStatus.DestinationTooSmall;
                EncodeByte(value, destination[written..]);
                written += 3;
            }

            text = text[consumed..];
        }

        return OperationStatus.Done;
    }

    internal static void EncodeByte(byte value, Span<char> destination)
    {
        const string Digits = "0123456789ABCDEF";
        destination[0] = '%';
        destination[1] = Digits[value >> 4];
        destination[2] = Digits[value & 15];
    }

    /// <summary>
    /// The one form of a part that may have been written by hand: percent signs undone where they are valid, then encoded. Text that is
    /// no valid UTF-16 stays as it is.
    /// </summary>
    internal static string Canonical(ReadOnlySpan<char> part)
    {
        if (IsPlain(part)) return part.ToString();

        var text = Uri.UnescapeDataString(part);
        var buffer = new char[text.Length * 9];
        return Encode(text, buffer, out var written) == OperationStatus.Done ? new string(buffer, 0, written) : part.ToString();
    }
}
