using Kessan.Caching;
using Kessan.MarketApi.Sources;

namespace Kessan.MarketApi.Markets;

/// <summary>Where index values come from. Safe for concurrent use; throws <see cref="SourceException"/> if it cannot be asked.</summary>
internal interface IIndexSource
{
    /// <summary>The ids of the indices that this source has.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>An index; <see langword="null"/> if it is none of <see cref="Ids"/> or has no value yet.</summary>
    ValueTask<MarketIndex?> GetAsync(string id, CacheFillContext context, CancellationToken cancellationToken);
}
