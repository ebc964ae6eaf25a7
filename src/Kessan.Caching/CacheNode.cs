using Kessan.Caching.Access;
using Kessan.Caching.Backplane;
using Kessan.Caching.Filling;
using Kessan.Caching.HotKeys;
using Kessan.Caching.Local;
using Kessan.Caching.Repair;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching;

/// <summary>
/// What one cache in one process consists of. The parts know the node, not each other's insides; the request path goes through
/// them in this order: <see cref="Local"/>, <see cref="Activities"/>, <see cref="Store"/>, the source, <see cref="Store"/>, <see cref="Local"/>.
/// </summary>
internal sealed class CacheNode : IAsyncDisposable
{
    private long _localVersion;

    public CacheNode(
        ICacheStore? store,
        KessanCacheOptions options,
        EntryPlanner planner,
        ValueSerializer values,
        CacheMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        Options = options;
        Planner = planner;
        Values = values;
        Metrics = metrics;
        Logger = logger;
        Clock = new CacheClock(time);
        Local = new LocalCache(options.L1MaximumEntries, options.L1MaximumBytes, Clock);
        Tags = new TagTable(options.MaximumTags);
        Trust = new NodeTrust(Clock, options, store is not null);
        Generations = new TagGenerations(this);
        Journal = new OutageJournal(Clock, options.JournalCapacity);
        Recent = new RecentWrites(Clock, options.RecentWrites);
        HotKeys = planner.HotKeys;
        Events = new ChangeEvents(logger);
        if (store is not null)
        {
            Repair = new StoreRepair(this, store);
            Store = new StoreAccessor(store, options, time, metrics, logger, Repair.RepairAsync);
        }

        metrics.Observe(
            () => Local.Count, () => Local.Bytes, () => Local.Evictions, () => Store is { IsAvailable: false } ? 1 : 0, () => Trust.Losses);
    }

    public KessanCacheOptions Options { get; }

    public CacheClock Clock { get; }

    public EntryPlanner Planner { get; }

    public ValueSerializer Values { get; }

    public LocalCache Local { get; }

    public TagTable Tags { get; }

    public TagGenerations Generations { get; }

    public NodeTrust Trust { get; }

    public KeyActivities Activities { get; } = new();

    /// <summary>L2; <see langword="null"/> when the cache is L1 only.</summary>
    public StoreAccessor? Store { get; }

    /// <summary>What tells the store, when it is back, what it missed; <see langword="null"/> without a store.</summary>
    public StoreRepair? Repair { get; }

    /// <summary>What is to be repeated when the store is back.</summary>
    public OutageJournal Journal { get; }

    /// <summary>What is to be checked when the store's server changed.</summary>
    public RecentWrites Recent { get; }

    /// <summary>What is asked for most.</summary>
    public HotKeyTracker HotKeys { get; }

    /// <summary>Who hears of changes after L1 has followed them.</summary>
    public ChangeEvents Events { get; }

    public CacheMetrics Metrics { get; }

    public ILogger Logger { get; }

    public TimeProvider Time => Clock.Provider;

    public bool StoreIsAway => Store is { IsAvailable: false };

    /// <summary>A version of this process alone, for a cache without a store.</summary>
    public long NextLocalVersion() => Interlocked.Increment(ref _localVersion);

    public async ValueTask DisposeAsync()
    {
        if (Store is not null) await Store.DisposeAsync().ConfigureAwait(false);
        Repair?.Dispose();
        Local.Dispose();
        Metrics.Dispose();
    }
}
