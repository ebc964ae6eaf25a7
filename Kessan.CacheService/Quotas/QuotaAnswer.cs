using System.Text.Json.Serialization;

namespace Kessan.CacheHost.Quotas;

/// <summary>How a user's quota stands.</summary>
/// <param name="Usage">What was charged in this window.</param>
/// <param name="Limit">The limit; null without one.</param>
/// <param name="Remaining">What is left; null without a limit.</param>
/// <param name="Reset">Seconds until the window ends.</param>
/// <param name="Local">Only when true: Redis is away, and this is what this replica alone knows.</param>
internal sealed record QuotaAnswer(
    long Usage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Limit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Remaining,
    double Reset,
    bool? Local = null);
