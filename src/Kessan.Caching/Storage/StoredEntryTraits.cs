namespace Kessan.Caching.Storage;

/// <summary>How an entry's payload was made and what may be done with it. The numbers are part of the wire format.</summary>
[Flags]
public enum StoredEntryTraits : ushort
{
    /// <summary>A value serialized as System.Text.Json or by a registered serializer.</summary>
    None = 0,

    /// <summary>The value is null (or missing at the source); the payload is empty.</summary>
    Null = 1,

    /// <summary>The payload is MessagePack (contractless, typed).</summary>
    MessagePack = 2,

    /// <summary>The payload is bytes that came as they are, with a <see cref="StoredEntry.ContentType"/>.</summary>
    Raw = 4,

    /// <summary>Reading the entry extends its life.</summary>
    Sliding = 8,

    /// <summary>The entry must not be kept in a first layer.</summary>
    NoLocalCache = 16,

    /// <summary>Another program wrote the value: it came without an envelope and has no version.</summary>
    Foreign = 32,
}
