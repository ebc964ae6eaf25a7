using System.Security.Cryptography;

namespace Kessan.CacheHost;

/// <summary>This process among the replicas of the service: a new name at every start.</summary>
internal sealed class NodeIdentity(TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Stands in <c>Kessan-Node</c>, and before the colon of the events' ids.</summary>
    public string Name { get; } = RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>How long the process has run.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(_startedAt);
}
