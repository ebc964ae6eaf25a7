using Kessan.Caching;

namespace Kessan.MarketApi.Markets;

/// <summary>No indices: for sources that have none.</summary>
internal sealed class NoIndexSource : IIndexSource
{
    public IReadOnlyList<string> Ids { get; } = [];

    public ValueTask<MarketIndex?> GetAsync(string id, CacheFillContext context, CancellationToken cancellationToken) => ValueTask.FromResult<MarketIndex?>(null);
}
