namespace Kessan.Caching.Storage;

/// <summary>The kinds of <see cref="WriteCondition"/>.</summary>
public enum WriteConditionKind : byte
{
    /// <summary>Write in any case.</summary>
    Always = 0,

    /// <summary>Write only if there is no entry.</summary>
    IfAbsent = 1,

    /// <summary>Write only if the stored entry still has the given version.</summary>
    IfVersion = 2,

    /// <summary>Write only if the key's lease is still held with the given nonce.</summary>
    IfLeaseHeld = 3,
}
