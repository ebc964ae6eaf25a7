using Kessan.Caching.Tags;

namespace Kessan.Caching.Local;

/// <summary>The failure of a source, remembered for a while because the caller asked for it (<see cref="CacheEntryOptions.FailureExpiration"/>).</summary>
internal sealed class LocalFailure : LocalEntry
{
    public required Exception Failure { get; init; }

    public override LocalEntry Confirmed(TagStamp[] tags, int epoch) => this;
}
