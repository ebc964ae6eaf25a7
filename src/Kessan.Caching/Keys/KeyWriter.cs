using System.Buffers;

namespace Kessan.Caching.Keys;

/// <summary>Puts a key together in a buffer that is as long as a key may be.</summary>
internal ref struct KeyWriter(Span<char> buffer)
{
    private readonly Span<char> _buffer = buffer;
    private int _length;

    /// <summary>Appends text that is known to be good, colons included.</summary>
    public void AppendRaw(string text)
    {
        if (!text.TryCopyTo(_buffer[_length..])) throw TooLong("parts");
        _length += text.Length;
    }

    /// <summary>Appends a colon and a part.</summary>
    /// <param name="part">The part, of any characters.</param>
    /// <param name="parameter">The parameter that an exception names.</param>
    /// <param name="isLast">Whether a key version could stand in this place, from which the part must differ.</param>
    public void AppendPart(string part, string parameter, bool isLast)
    {
        ArgumentException.ThrowIfNullOrEmpty(part, parameter);
        AppendRaw(":");

        var text = part.AsSpan();
        if (isLast && LooksLikeVersion(text))
        {
            if (_buffer.Length - _length < 3) throw TooLong(parameter);
            KeyPart.EncodeByte((byte)'v', _buffer[_length..]);
            _length += 3;
            text = text[1..];
        }

        switch (KeyPart.Encode(text, _buffer[_length..], out var written))
        {
            case OperationStatus.Done:
                _length += written;
                break;
            case OperationStatus.InvalidData:
                throw new ArgumentException($"A key part ({part.Length} characters) is not valid UTF-16.", parameter);
            default:
                throw TooLong(parameter);
        }
    }

    public override readonly string ToString() => new(_buffer[.._length]);

    private static bool LooksLikeVersion(ReadOnlySpan<char> text)
        => text.Length > 1 && text[0] == 'v' && !text[1..].ContainsAnyExceptInRange('0', '9');

    private readonly ArgumentException TooLong(string parameter)
        => new($"The key would be longer than {_buffer.Length} characters, the most that a key may have.", parameter);
}
