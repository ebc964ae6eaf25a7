using System.ComponentModel.DataAnnotations;

namespace Kessan.Caching.Redis;

/// <summary>How the store uses Redis; bound from <c>Kessan:Cache:Redis</c> and checked at start.</summary>
public sealed class RedisStoreOptions
{
    /// <summary>Stands before every key and channel of the store, for a Redis that several systems share.</summary>
    /// <value>At most 64 characters, no braces. Default: empty.</value>
    [RegularExpression(@"[^{}\r\n]{0,64}")]
    public string KeyPrefix { get; set; } = "";

    /// <summary>
    /// Whether entries stay in Redis through their stale window. Off, Redis holds exactly the documented lifetimes and stale answers
    /// come from L1 alone.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool KeepStaleInL2 { get; set; }

    /// <summary>Tags that begin so have an index of their entries, so that an invalidation can remove and count them at once.</summary>
    /// <value>At most 16 prefixes. Default: <c>stock:</c>.</value>
    [MaxLength(16)]
    public IList<string> CountableTagPrefixes { get; } = ["stock:"];

    /// <summary>How often this node says on the channel that it lives and which message was its last.</summary>
    /// <value>
    /// 50 ms to 1 s: others take a node that is silent for 2 s for gone, and L1 is trusted for 1.5 s (<c>TrustDuration</c>) after a heartbeat came
    /// back. Default: 500 ms.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:01")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a tag's generation is kept without being read; it must outlive every entry that carries the tag.</summary>
    /// <value>31 to 3,650 days. Default: 45 days.</value>
    [Range(typeof(TimeSpan), "31.00:00:00", "3650.00:00:00")]
    public TimeSpan TagLifetime { get; set; } = TimeSpan.FromDays(45);

    /// <summary>The lifetime that a value of another program is read with if it has none of its own.</summary>
    /// <value>1 s to 30 days. Default: 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan ForeignLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether writes of other programs evict too. The server must have <c>notify-keyspace-events</c> with at least <c>Kg$</c>; Garnet
    /// has no such notifications. Such writers bypass the fences.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool KeyspaceNotifications { get; set; }

    /// <summary>How many keys one SCAN step looks at.</summary>
    /// <value>10 to 10,000. Default: 500.</value>
    [Range(10, 10_000)]
    public int ScanPageSize { get; set; } = 500;
}
