namespace Kessan.Caching.Storage;

/// <summary>What a message of the backplane says. The numbers are part of the wire format.</summary>
public enum StoreMessageKind : byte
{
    /// <summary>A number that was assigned to an operation that failed: nothing happened, but there is no hole either.</summary>
    Void = 0,

    /// <summary>A key was written.</summary>
    Set = 1,

    /// <summary>A key was removed.</summary>
    Removed = 2,

    /// <summary>A tag has a new generation.</summary>
    TagRemoved = 3,

    /// <summary>A lease was given back without a value: whoever waits for it may try.</summary>
    LeaseReleased = 4,

    /// <summary>A sender's last sequence, sent at intervals so that a lost last message is found too.</summary>
    Heartbeat = 5,
}
