namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Where a stock service gets its data.</summary>
public interface IStockSource
{
    ValueTask<Opinion> AnalyseAsync(string ticker, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<string>> SearchAsync(string query, CancellationToken cancellationToken);
}

/// <summary>A service that has the cache before its source.</summary>
public sealed class StockService(CacheService cache, IStockSource source)
{
    /// <summary>The analysis of a stock: kept six hours, made once for all who ask.</summary>
    public ValueTask<Opinion> GetAnalysisAsync(string ticker, CancellationToken cancellationToken)
        => cache.GetAnalysisAsync(ticker, "comprehensive", token => source.AnalyseAsync(ticker, token), cancellationToken);

    /// <summary>Stocks that match: kept five minutes, whatever stands in the query.</summary>
    public ValueTask<IReadOnlyList<string>> SearchAsync(string query, CancellationToken cancellationToken)
        => cache.GetOrSetAsync(cache.Keys.StockSearch(query), token => source.SearchAsync(query, token), cancellationToken: cancellationToken);
}

/// <summary>A source that counts its calls.</summary>
public sealed class CountingSource : IStockSource
{
    private int _calls;

    public int Calls => _calls;

    public ValueTask<Opinion> AnalyseAsync(string ticker, CancellationToken cancellationToken)
        => new(new Opinion(ticker, "comprehensive", $"made {Interlocked.Increment(ref _calls)}"));

    public ValueTask<IReadOnlyList<string>> SearchAsync(string query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return new([query, "7203"]);
    }
}
