using Kessan.Caching.Storage;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Scripts;

/// <summary>Which exceptions mean that Redis failed, and what is said of them outside: never a key.</summary>
internal static class RedisFailures
{
    public static bool IsFailure(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        RedisException or RedisCommandException or TimeoutException or ObjectDisposedException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // the client gave the command up
        _ => false,
    };

    public static CacheStoreException Wrap(Exception failure, string operation) => failure switch
    {
        CacheStoreException store => store,
        TimeoutException => new CacheStoreException($"Redis did not answer '{operation}' in time.", failure),
        RedisServerException server => new CacheStoreException($"Redis refused '{operation}': {Code(server.Message)}.", failure)
        {
            IsRefusal = IsForbidden(server) || IsFull(server) || IsWrongType(server),
        },
        _ => new CacheStoreException($"Redis could not be reached for '{operation}'.", failure),
    };

    public static bool IsWrongType(RedisServerException failure) => failure.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    public static bool IsUnknownScript(RedisServerException failure) => failure.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);

    /// <summary>Whether it is a replica now, directly or in a script.</summary>
    public static bool IsReadOnly(RedisServerException failure)
        => failure.Message.StartsWith("READONLY", StringComparison.Ordinal) || failure.Message.Contains("-READONLY", StringComparison.Ordinal);

    /// <summary>Whether the user may not do that, directly or in a script.</summary>
    public static bool IsForbidden(RedisServerException failure)
        => failure.Message.StartsWith("NOPERM", StringComparison.Ordinal)
            || failure.Message.Contains("The user executing the script can't", StringComparison.Ordinal)
            || failure.Message.Contains("no permissions", StringComparison.Ordinal);

    /// <summary>Whether the server cannot now, but will: it reads its data in, a script takes long, or the cluster sorts itself out.</summary>
    public static bool IsPassing(RedisServerException failure)
        => Code(failure.Message) is "LOADING" or "BUSY" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN";

    /// <summary>Whether it has no room for what would be written; it reads and removes all the same.</summary>
    private static bool IsFull(RedisServerException failure)
        => failure.Message.StartsWith("OOM", StringComparison.Ordinal) || failure.Message.Contains("'maxmemory'", StringComparison.Ordinal);

    /// <summary>Whether the command certainly never left this process.</summary>
    public static bool IsUnsent(Exception failure)
        => failure is RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection };

    // The first word is the error code; the rest may contain anything.
    private static string Code(string message) => message.Split(' ', 2)[0];
}
