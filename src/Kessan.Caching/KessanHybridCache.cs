using Kessan.Caching.Backplane;
using Kessan.Caching.Filling;
using Kessan.Caching.HotKeys;
using Kessan.Caching.Local;
using Kessan.Caching.Statistics;
using Kessan.Caching.Telemetry;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching;

/// <summary>
/// A <see cref="HybridCache"/> that stays coherent across nodes, asks a source once per fleet, and keeps answering when the second layer or
/// the source is down.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use. A look-up goes through L1 (this process), L2 (the store, if there is one), and the source; a caller's token
/// ends its own wait, never the fill that others may share.</para>
/// <para>Nothing throws because a layer is away. What throws: a wrong argument (<see cref="ArgumentException"/>), the source's own exception
/// when there is nothing stale to give, <see cref="TimeoutException"/> when the source passed the fill deadline, and
/// <see cref="OperationCanceledException"/> for the caller's own token.</para>
/// </remarks>
public sealed partial class KessanHybridCache : HybridCache, IAsyncDisposable, IDisposable
{
    private readonly CacheNode _node;
    private readonly LocalCache _local;
    private readonly LocalJudge _judge;
    private readonly RequestCounts _requests;
    private readonly HotKeyTracker _hotKeys;
    private readonly LocalInstaller _installer;
    private readonly FillRunner _runner;
    private readonly EntryWriter _writer;
    private readonly EntryRemover _remover;
    private readonly BackplaneListener? _backplane;
    private readonly int _maximumKeyLength;
    private readonly bool _readsL1ByDefault;
    private int _disposed;

    internal KessanHybridCache(CacheNode node, int maximumKeyLength)
    {
        _node = node;
        _local = node.Local;
        _requests = node.Metrics.Requests;
        _hotKeys = node.HotKeys;
        _judge = new LocalJudge(node);
        _installer = new LocalInstaller(node);
        _runner = new FillRunner(node, _installer);
        _writer = new EntryWriter(node, _installer);
        _remover = new EntryRemover(node);
        _maximumKeyLength = maximumKeyLength;
        _readsL1ByDefault = (node.Planner.DefaultFlags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;
        if (node.Store is { Store: var store }) _backplane = new BackplaneListener(node, store);
    }

    internal CacheNode Node => _node;

    internal EntryWriter Writer => _writer;

    internal EntryRemover Remover => _remover;

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        if (ReadsL1(options) && !cancellationToken.IsCancellationRequested
            && _local.TryGet(key, out var entry) && _judge.IsPlainHit(entry, out var now) && LocalReader.TryRead<T>(entry, _node.Values, out var value))
        {
            _local.Use(key, entry, now);
            if (HotKeyTracker.IsSample(_requests.Count(CacheLayer.L1, RequestOutcome.Hit, entry.DataType))) _hotKeys.Record(key, entry.DataType);
            return new(value);
        }

        return ValueOnlyAsync(FindAsync(
            key,
            (state, factory),
            static (both, _, token) => both.factory(both.state, token),
            CacheEntryOptions.From(options),
            tags,
            cancellationToken));
    }

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        ReadOnlySpan<char> key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        if (ReadsL1(options) && !cancellationToken.IsCancellationRequested
            && _local.TryGet(key, out var entry) && _judge.IsPlainHit(entry, out var now) && LocalReader.TryRead<T>(entry, _node.Values, out var value))
        {
            _local.Use(key, entry, now);
            if (HotKeyTracker.IsSample(_requests.Count(CacheLayer.L1, RequestOutcome.Hit, entry.DataType))) _hotKeys.Record(key, entry.DataType);
            return new(value);
        }

        return GetOrCreateAsync(key.ToString(), state, factory, options, tags, cancellationToken);
    }

    /// <summary>Gets a value or makes it, and tells how it came about.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">Makes the value; may set its lifetime through the context.</param>
    /// <param name="options">What the call says about the entry; the rest follows from the key's prefix and the defaults.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<CacheLookup<T>> GetOrCreateLookupAsync<T>(
        string key,
        Func<CacheFillContext, CancellationToken, ValueTask<T>> source,
        CacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
        => GetOrCreateLookupAsync(key, source, static (source, context, token) => source(context, token), options, tags, cancellationToken);

    /// <summary>Gets a value or makes it with a source that needs no closure, and tells how it came about.</summary>
    /// <param name="key">The key.</param>
    /// <param name="state">Given to the source.</param>
    /// <param name="source">Makes the value; may set its lifetime through the context.</param>
    /// <param name="options">What the call says about the entry; the rest follows from the key's prefix and the defaults.</param>
    /// <param name="tags">The entry's tags.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<CacheLookup<T>> GetOrCreateLookupAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CacheFillContext, CancellationToken, ValueTask<T>> source,
        CacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return FindAsync(key, state, source, options, tags, cancellationToken);
    }

    /// <summary>Gets a value without a source.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <returns>What was found; <see cref="CacheLookup{T}.Found"/> tells a miss from a cached null.</returns>
    public ValueTask<CacheLookup<T>> TryGetAsync<T>(string key, CancellationToken cancellationToken = default)
        => TryGetAsync<T>(key, HybridCacheEntryFlags.None, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask SetAsync<T>(
        string key,
        T value,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
        => await SetAsync(key, value, CacheEntryOptions.From(options), tags, cancellationToken).ConfigureAwait(false);

    /// <summary>Writes a value in both layers.</summary>
    /// <returns>Whether the store has it, or only this node for now.</returns>
    /// <exception cref="ArgumentException">The key, a tag or the lifetime is invalid, or the value is over <c>MaximumPayloadBytes</c>.</exception>
    public async ValueTask<EntryWriteOutcome> SetAsync<T>(
        string key,
        T value,
        CacheEntryOptions? options,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        KeyRules.Check(key, _maximumKeyLength);
        var write = _writer.Prepare(key, value, _node.Planner.Plan(key, options, tags));
        return (await _writer.WriteAsync([write], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        KeyRules.Check(key, _maximumKeyLength);
        await _remover.RemoveAsync([key], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellationToken.ThrowIfCancellationRequested();
        string[] all = [.. keys.Distinct(StringComparer.Ordinal)];
        foreach (var key in all) KeyRules.Check(key, _maximumKeyLength);
        if (all.Length > 0) await _remover.RemoveAsync(all, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
        => await RemoveByTagAsync([tag], cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        cancellationToken.ThrowIfCancellationRequested();
        string[] all = [.. tags.Distinct(StringComparer.Ordinal)];
        foreach (var tag in all) Tags.TagRules.CheckTag(tag);
        if (all.Length > 0) await _remover.RemoveTagsAsync(all, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What this node counted since its start.</summary>
    public CacheStatistics GetStatistics() => CacheStatistics.Of(_node);

    /// <summary>Ends the subscription and the probes; what is under way ends by itself. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return; // a container knows it under two names
        if (_backplane is not null) await _backplane.DisposeAsync().ConfigureAwait(false);
        await _node.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The same without waiting for the end of it.</summary>
    public void Dispose() => Timing.Unobserved.Ignore(DisposeAsync().AsTask());

    private bool ReadsL1(HybridCacheEntryOptions? options)
        => options?.Flags is { } flags ? (flags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0 : _readsL1ByDefault;

    private static ValueTask<T> ValueOnlyAsync<T>(ValueTask<CacheLookup<T>> lookup)
    {
        return lookup.IsCompletedSuccessfully ? new(lookup.Result.Value!) : AwaitAsync(lookup);

        static async ValueTask<T> AwaitAsync(ValueTask<CacheLookup<T>> lookup) => (await lookup.ConfigureAwait(false)).Value!;
    }
}
