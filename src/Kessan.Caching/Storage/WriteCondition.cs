namespace Kessan.Caching.Storage;

/// <summary>Under which condition a write happens; decided in the store, atomically with the write.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(WriteConditionKind kind, long version, string? nonce)
    {
        Kind = kind;
        Version = version;
        Nonce = nonce;
    }

    /// <summary>Write in any case.</summary>
    public static WriteCondition Always => default;

    /// <summary>Write only if there is no entry.</summary>
    public static WriteCondition IfAbsent => new(WriteConditionKind.IfAbsent, 0, null);

    /// <summary>Which condition.</summary>
    public WriteConditionKind Kind { get; }

    /// <summary>The version that must be the stored one, for <see cref="WriteConditionKind.IfVersion"/>.</summary>
    public long Version { get; }

    /// <summary>The lease that must still be held, for <see cref="WriteConditionKind.IfLeaseHeld"/>.</summary>
    public string? Nonce { get; }

    /// <summary>Write only if the stored entry still has this version.</summary>
    public static WriteCondition IfVersion(long version) => new(WriteConditionKind.IfVersion, version, null);

    /// <summary>Write only if the key's lease is still held with this nonce (a fenced fill); the write ends the lease.</summary>
    public static WriteCondition IfLeaseHeld(string nonce) => new(WriteConditionKind.IfLeaseHeld, 0, nonce);
}
