namespace Kessan.Caching.Storage;

/// <summary>How a payload is compressed. The numbers are part of the wire format.</summary>
public enum PayloadCodec : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstandard = 1,
}
