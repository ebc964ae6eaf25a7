namespace Kessan.Caching.Storage;

/// <summary>The store could not be reached, or answered with an error. The engine never lets it out to callers.</summary>
public sealed class CacheStoreException : Exception
{
    /// <summary>
    /// The store is there and answers, but refuses this operation for good (an argument over its limits, a right that is missing):
    /// trying again does not help, and the store does not count as away.
    /// </summary>
    public bool IsRefusal { get; init; }

    /// <summary>Makes an exception without a message.</summary>
    public CacheStoreException()
    {
    }

    /// <summary>Makes an exception with a message that names the operation and the state, never a key.</summary>
    public CacheStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public CacheStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
