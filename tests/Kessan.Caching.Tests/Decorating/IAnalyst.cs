using System.ComponentModel;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Tests.Decorating;

[ImmutableObject(true)]
public sealed record Analysis(string Ticker, string Kind, int Call);

public interface IAnalyst
{
    [CacheResult(CacheDataType.AiAnalysis, Key = "{ticker}:{kind}")]
    Task<Analysis> AnalyseAsync(string ticker, string kind, CancellationToken cancellationToken);

    [CacheResult(Key = "report:{year}:{month}", LifetimeSeconds = 60, Tags = ["report", "year:{year}"])]
    ValueTask<string?> ReportAsync(int year, int? month = null);

    [CacheResult(CacheDataType.AiAnalysis, Key = "{ticker}:rating")]
    ValueTask<CacheLookup<Analysis?>> RateAsync(string ticker, CancellationToken cancellationToken = default);

    [CacheInvalidate(Tags = ["stock:{ticker}"])]
    [CacheInvalidate(Key = "report:{year}:~", Tags = ["report"])]
    Task<int> PublishAsync(string ticker, int year, bool fail = false);

    int Calls { get; }

    string Describe(string ticker);
}
