using System.Net;

namespace Kessan.EmbeddedRedis;

/// <summary>How an <see cref="EmbeddedRedisServer"/> is started.</summary>
public sealed class EmbeddedRedisOptions
{
    /// <summary>The port on 127.0.0.1.</summary>
    /// <value>0 to 65535; 0 takes a free one. Default: 0.</value>
    public int Port { get; set; }

    /// <summary>What clients must show, or <see langword="null"/> if they need not. It never appears in a message or a log.</summary>
    /// <value>1 to 512 printable ASCII characters without comma, space and double quote (a connection string could not carry those). Default: none.</value>
    public string? Password { get; set; }

    /// <summary>
    /// Where the data is kept. Without a directory nothing is ever written to disk and the data is gone when the server stops.
    /// </summary>
    /// <value>A directory that no other server uses; made if it is not there. Default: none.</value>
    public string? DataDirectory { get; set; }

    /// <summary>How much memory the entries may take; past it the oldest are dropped.</summary>
    /// <value>16 MiB to 16 GiB, rounded down to a power of two. Default: 256 MiB.</value>
    public long MemoryLimit { get; set; } = 256L << 20;

    /// <summary>What is wrong with these options, in one sentence without the password, or <see langword="null"/>.</summary>
    internal string? Problem => this switch
    {
        { Port: < 0 or > IPEndPoint.MaxPort } => $"The port must be 0 to {IPEndPoint.MaxPort}, not {Port}.",
        { MemoryLimit: < 16L << 20 or > 16L << 30 } => $"The memory limit must be 16 MiB to 16 GiB, not {MemoryLimit} bytes.",
        { DataDirectory: { } directory } when string.IsNullOrWhiteSpace(directory) => "The data directory must have a name.",
        { Password: { } password } when !IsUsable(password) =>
            $"The password must be 1 to 512 printable ASCII characters without comma, space and double quote; it has {password.Length} characters.",
        _ => null,
    };

    private static bool IsUsable(string password) =>
        password.Length is > 0 and <= 512 && !password.Any(character => character is <= ' ' or > '~' or ',' or '"');
}
