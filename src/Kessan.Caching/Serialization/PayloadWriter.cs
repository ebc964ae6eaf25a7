using System.Buffers;

namespace Kessan.Caching.Serialization;

/// <summary>A buffer for one serialized value that refuses to grow past the payload limit. Not safe for concurrent use.</summary>
internal sealed class PayloadWriter(long limit) : IBufferWriter<byte>, IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);

    public int Written { get; private set; }

    /// <summary>What the value would at least have needed, once the limit was passed; else 0.</summary>
    public long Refused { get; private set; }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - Written);
        if (Written + (long)count > limit) Refuse(Written + (long)count);
        Written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Written);
    }

    public byte[] ToArray() => _buffer.AsSpan(0, Written).ToArray();

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Reserve(int sizeHint)
    {
        var needed = Written + (long)Math.Max(1, sizeHint);
        if (needed <= _buffer.Length) return;

        // A serializer may ask for more than it then uses: only far beyond the limit is the request itself refused.
        if (needed > limit * 4 + 65_536) Refuse(needed);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
        _buffer.AsSpan(0, Written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Refuse(long size)
    {
        Refused = size;
        throw new InvalidOperationException($"A value of at least {size} bytes is over the limit of {limit} bytes.");
    }
}
