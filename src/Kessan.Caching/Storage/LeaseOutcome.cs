namespace Kessan.Caching.Storage;

/// <summary>What became of a request for a lease.</summary>
public enum LeaseOutcome : byte
{
    /// <summary>The caller may fill the key.</summary>
    Granted = 0,

    /// <summary>Somebody else is filling the key.</summary>
    Held = 1,

    /// <summary>There is a fresh value already.</summary>
    Value = 2,
}
