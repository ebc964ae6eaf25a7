using System.Runtime.ExceptionServices;
using Kessan.Caching.Filling;
using Kessan.Caching.Local;
using Kessan.Caching.Telemetry;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching;

// Many keys at once: one pass over L1, one round trip to L2 per shard, one call of the source for all that is missing.
public sealed partial class KessanHybridCache
{
    /// <summary>Gets many values, and makes all missing ones with one call of the source.</summary>
    /// <param name="keys">The keys; one that stands there twice is looked up once.</param>
    /// <param name="source">
    /// Gets the missing keys and gives their values; a key that it leaves out stays missing (<see cref="CacheLookup{T}.Found"/> is
    /// <see langword="false"/>). Keys that another node began to fill and did not finish are asked for alone.
    /// </param>
    /// <param name="options">What the call says about all entries; the rest follows from each key's prefix.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <returns>A look-up for each distinct key.</returns>
    public ValueTask<IReadOnlyDictionary<string, CacheLookup<T>>> GetOrCreateManyAsync<T>(
        IEnumerable<string> keys,
        Func<IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> source,
        CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return GetOrCreateManyAsync<T>(keys, (missing, _, token) => source(missing, token), options, cancellationToken);
    }

    /// <summary>
    /// Gets many values, and makes all missing ones with one call of a source that may say how long they live: what it writes into the context
    /// holds for all of them, and only shortens.
    /// </summary>
    /// <inheritdoc cref="GetOrCreateManyAsync{T}(IEnumerable{string}, Func{IReadOnlyList{string}, CancellationToken, ValueTask{IReadOnlyDictionary{string, T}}}, CacheEntryOptions?, CancellationToken)"/>
    public async ValueTask<IReadOnlyDictionary<string, CacheLookup<T>>> GetOrCreateManyAsync<T>(
        IEnumerable<string> keys,
        Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> source,
        CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(source);
        cancellationToken.ThrowIfCancellationRequested();
        string[] distinct = [.. keys.Distinct(StringComparer.Ordinal)];
        foreach (var key in distinct) KeyRules.Check(key, _maximumKeyLength);

        var found = new Dictionary<string, CacheLookup<T>>(distinct.Length, StringComparer.Ordinal);
        List<BatchFill<T>> own = [];
        List<(string Key, EntryPlan Plan, Task<CacheLookup<T>> Run)> joined = [];
        foreach (var key in distinct)
        {
            var plan = _node.Planner.Plan(key, options, null);
            LocalEntry? held = null;
            if (plan.ReadsL1 && _local.TryGet(key, out var entry))
            {
                var verdict = _judge.Judge(entry);
                _local.Use(key, entry, _node.Clock.Now);
                if (verdict >= LocalVerdict.Stale && entry is LocalFailure { Failure: var failure })
                {
                    joined.Add((key, plan, FailedTask<T>(failure)));
                    continue;
                }

                if (verdict >= LocalVerdict.Stale && TryServe<T>(key, entry, verdict, out var lookup))
                {
                    if (verdict == LocalVerdict.Ending) RefreshPerhaps(key, entry, source, BatchFill<T>.AskForOneAsync, options, null);
                    found[key] = lookup;
                    continue;
                }

                if (verdict == LocalVerdict.Useless) _local.Remove(key, entry);
                else held = entry;
            }

            if (EnterBatch(key, held, plan, source, out var running) is { } fill) own.Add(fill);
            else joined.Add((key, plan, running!));
        }

        if (own.Count > 0) await _runner.Batches.StartAsync(own, source).WaitAsync(cancellationToken).ConfigureAwait(false);
        ExceptionDispatchInfo? failed = null;
        foreach (var fill in own)
        {
            if (fill.TryGetResult(out var lookup)) Take(fill.Key, lookup, isJoined: false, fill.Plan);
            else await TakeAsync(fill.Key, fill.JoinLocked(), isJoined: false, fill.Plan).ConfigureAwait(false);
        }

        foreach (var (key, plan, run) in joined) await TakeAsync(key, run, isJoined: true, plan).ConfigureAwait(false);
        failed?.Throw();
        return found;

        async ValueTask TakeAsync(string key, Task<CacheLookup<T>> run, bool isJoined, EntryPlan plan)
        {
            try
            {
                Take(key, await run.WaitAsync(cancellationToken).ConfigureAwait(false), isJoined, plan);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested) // the first of them is thrown when all are counted
            {
                _requests.Count(CacheLayer.Source, RequestOutcome.Error, plan.DataType);
                failed ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        void Take(string key, in CacheLookup<T> lookup, bool isJoined, EntryPlan plan)
        {
            CountFilled(key, lookup, isJoined, plan.DataType);
            found[key] = lookup;
        }
    }

    /// <summary>Gets many values without a source: one pass over L1, one round trip to L2 per shard.</summary>
    public ValueTask<IReadOnlyDictionary<string, CacheLookup<T>>> TryGetManyAsync<T>(
        IEnumerable<string> keys, CancellationToken cancellationToken = default)
        => TryGetManyAsync<T>(keys, HybridCacheEntryFlags.None, cancellationToken);

    internal ValueTask<IReadOnlyDictionary<string, CacheLookup<T>>> TryGetManyAsync<T>(
        IEnumerable<string> keys, HybridCacheEntryFlags flags, CancellationToken cancellationToken)
        => GetOrCreateManyAsync<T>(
            keys,
            static (_, _, _) => throw new InvalidOperationException("A read without a source has no source."),
            new CacheEntryOptions { Flags = flags | HybridCacheEntryFlags.DisableUnderlyingData },
            cancellationToken);

    /// <summary>Writes many values in both layers.</summary>
    /// <returns>What became of each key.</returns>
    /// <exception cref="ArgumentException">A key or a value is invalid; nothing was written.</exception>
    public async ValueTask<IReadOnlyDictionary<string, EntryWriteOutcome>> SetManyAsync<T>(
        IEnumerable<KeyValuePair<string, T>> entries,
        CacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        cancellationToken.ThrowIfCancellationRequested();
        var all = entries.ToArray();
        foreach (var (key, _) in all) KeyRules.Check(key, _maximumKeyLength);

        // The last of equal keys counts; all are serialized before the first is written.
        var byKey = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in all) byKey[key] = value;
        EntryToWrite<T>[] writes = [.. byKey.Select(entry => _writer.Prepare(entry.Key, entry.Value, _node.Planner.Plan(entry.Key, options, tags)))];
        var outcomes = await _writer.WriteAsync(writes, cancellationToken).ConfigureAwait(false);
        return writes.Zip(outcomes).ToDictionary(pair => pair.First.Key, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>A failure that nobody need look at.</summary>
    private static Task<CacheLookup<T>> FailedTask<T>(Exception failure)
    {
        var failed = Task.FromException<CacheLookup<T>>(failure);
        _ = failed.Exception;
        return failed;
    }

    /// <summary>Begins a fill, or joins the one that another call has begun.</summary>
    private BatchFill<T>? EnterBatch<T>(
        string key,
        LocalEntry? held,
        EntryPlan plan,
        Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> source,
        out Task<CacheLookup<T>>? joined)
    {
        joined = null;
        var activity = _node.Activities.Enter(key);
        lock (activity.Lock)
        {
            if (activity.FindFill<T>(plan.Flags) is not { } running)
            {
                var fill = new BatchFill<T>(key, plan, activity, source) { Held = held, Stamps = _node.Tags.Stamp(plan.Tags) };
                activity.Add(fill);
                return fill;
            }

            joined = running.Join();
        }

        _node.Activities.Leave(key, activity);
        _node.Metrics.Joined();
        return null;
    }
}
