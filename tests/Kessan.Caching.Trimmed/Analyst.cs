using Kessan.Caching.Keys;

namespace Kessan.Caching.Trimmed;

/// <summary>What is cached.</summary>
internal sealed record Analysis(string Ticker, string Kind);

/// <summary>The decorator is generated for it.</summary>
internal interface IAnalyst
{
    [CacheResult(CacheDataType.AiAnalysis, Key = "{ticker}:{kind}")]
    Task<Analysis> AnalyseAsync(string ticker, string kind, CancellationToken cancellationToken);

    [CacheResult(CacheDataType.AiAnalysis, Key = "{ticker}:rating")]
    ValueTask<CacheLookup<Analysis>> RateAsync(string ticker, CancellationToken cancellationToken);

    [CacheInvalidate(Tags = ["stock:{ticker}"])]
    Task PublishAsync(string ticker, CancellationToken cancellationToken);
}

/// <summary>What the decorator stands before.</summary>
internal sealed class Analyst : IAnalyst
{
    public Task<Analysis> AnalyseAsync(string ticker, string kind, CancellationToken cancellationToken)
        => Task.FromResult(new Analysis(ticker, kind));

    public ValueTask<CacheLookup<Analysis>> RateAsync(string ticker, CancellationToken cancellationToken)
        => ValueTask.FromResult(CacheLookup.Of(new Analysis(ticker, "rating"), TimeSpan.FromMinutes(1)));

    public Task PublishAsync(string ticker, CancellationToken cancellationToken) => Task.CompletedTask;
}
