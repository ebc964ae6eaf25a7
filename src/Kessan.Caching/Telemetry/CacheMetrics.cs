using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Telemetry;

/// <summary>The instruments of meter <c>Kessan.Caching</c> and the activity source of the same name. Safe for concurrent use.</summary>
internal sealed class CacheMetrics : IDisposable
{
    public const string Name = "Kessan.Caching";

    private readonly Meter _meter;
    private readonly Histogram<double> _operationDuration;
    private readonly Histogram<double> _sourceDuration;
    private readonly Histogram<double> _invalidationLag;
    private readonly Histogram<double> _staleness;
    private readonly Counter<long> _staleServed;
    private readonly Counter<long> _storeFailures;
    private long _joins;
    private long _sourceCalls;
    private long _staleAnswers;
    private double _lastLagSeconds = double.NaN;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="cache">The key of a cache that is not the only one in its process: a tag of its meter.</param>
    public CacheMetrics(IMeterFactory? meters, string? cache = null)
    {
        var options = new MeterOptions(Name) { Tags = cache is null ? null : [new("kessan.cache.name", cache)] };
        _meter = meters?.Create(options) ?? new Meter(options);
        _meter.CreateObservableCounter("kessan.cache.requests", Requests.Measure, "{request}", "Look-ups by layer, outcome and data type; each look-up of a key counts once.");
        _operationDuration = _meter.CreateHistogram<double>("kessan.cache.operation.duration", "s", "Time of a look-up that was no L1 hit (get, get_many: once for all its keys), and of every write and removal (set, remove, remove_tags).");
        _sourceDuration = _meter.CreateHistogram<double>("kessan.cache.source.duration", "s", "Time a source took, by outcome.");
        _meter.CreateObservableCounter("kessan.cache.stampede.joins", () => Interlocked.Read(ref _joins), "{request}", "Calls that joined a fill which another call of this process had begun.");
        _staleServed = _meter.CreateCounter<long>("kessan.cache.stale_served", "{request}", "Answers past their fresh life, by reason.");
        _invalidationLag = _meter.CreateHistogram<double>("kessan.cache.invalidation.lag", "s", "Time that the backplane's own messages took to come back.");
        _staleness = _meter.CreateHistogram<double>("kessan.cache.staleness", "s", "How far past its fresh life a stale answer was.");
        _storeFailures = _meter.CreateCounter<long>("kessan.cache.store.failures", "{operation}", "L2 operations that failed or passed the soft timeout.");
    }

    public static ActivitySource Activities { get; } = new(Name);

    public RequestCounts Requests { get; } = new();

    public long Joins => Interlocked.Read(ref _joins);

    public long SourceCalls => Interlocked.Read(ref _sourceCalls);

    public long StaleAnswers => Interlocked.Read(ref _staleAnswers);

    /// <summary>The last measured lag of the backplane; NaN before the first.</summary>
    public double LastLagSeconds => Volatile.Read(ref _lastLagSeconds);

    /// <summary>Adds the instruments that only read the engine's state.</summary>
    public void Observe(Func<long> entries, Func<long> bytes, Func<long> evictions, Func<int> breakerState, Func<long> gaps)
    {
        _meter.CreateObservableUpDownCounter("kessan.cache.entries", entries, "{entry}", "Entries in L1.");
        _meter.CreateObservableUpDownCounter("kessan.cache.size", bytes, "By", "Bytes in L1.");
        _meter.CreateObservableCounter("kessan.cache.evictions", evictions, "{entry}", "Entries that left L1 for want of room.");
        _meter.CreateObservableGauge("kessan.cache.breaker.state", breakerState, "{state}", "0: closed, 1: open (the store is away).");
        _meter.CreateObservableCounter("kessan.cache.backplane.gaps", gaps, "{gap}", "Times that messages were known to be lost.");
    }

    public void Joined() => Interlocked.Increment(ref _joins);

    public void StaleServed(string reason, TimeSpan pastFresh)
    {
        Interlocked.Increment(ref _staleAnswers);
        _staleServed.Add(1, new KeyValuePair<string, object?>("reason", reason));
        _staleness.Record(pastFresh.TotalSeconds);
    }

    public void StoreFailure(string kind) => _storeFailures.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void SourceRan(TimeSpan duration, CacheDataType type, string outcome)
    {
        Interlocked.Increment(ref _sourceCalls);
        _sourceDuration.Record(duration.TotalSeconds, new("data_type", MetricTags.Of(type)), new("outcome", outcome));
    }

    public void OperationTook(TimeSpan duration, string operation)
        => _operationDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));

    public void Lag(TimeSpan lag)
    {
        Volatile.Write(ref _lastLagSeconds, lag.TotalSeconds);
        _invalidationLag.Record(lag.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
