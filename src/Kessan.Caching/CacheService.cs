using System.Collections.Concurrent;
using Kessan.Caching.Keys;
using Kessan.Caching.Quotas;
using Kessan.Caching.Sessions;
using Kessan.Caching.Statistics;
using Kessan.Caching.Warming;

namespace Kessan.Caching;

/// <summary>
/// The cache as application code calls it: get a value or make it, by key or by data type, one or many, with the documented lifetimes.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Nothing here throws because a cache layer is away; a source's own exception comes through when there is no
/// stale value to give instead. A null from a source is passed on and not kept, unless the data type has a negative lifetime.
/// </remarks>
public sealed partial class CacheService
{
    private static readonly CacheEntryOptions[] ByDataType = Array.ConvertAll(
        Enum.GetValues<CacheDataType>(), static type => new CacheEntryOptions { DataType = type });

    private readonly ConcurrentDictionary<TimeSpan, CacheEntryOptions> _byLifetime = new();

    internal CacheService(KessanHybridCache cache, CacheKeyBuilder keys, SessionKeeper sessions, QuotaKeeper quotas, Lazy<CacheWarmer?> warmer)
    {
        Hybrid = cache;
        Keys = keys;
        _sessions = sessions;
        _quotas = quotas;
        _counter = new KeyCounter(cache.Node);
        _warmer = warmer;
    }

    /// <summary>The cache below, for what this class does not offer: look-ups that tell layer and age, flags, tags.</summary>
    public KessanHybridCache Hybrid { get; }

    /// <summary>Writes the keys of all data types.</summary>
    public CacheKeyBuilder Keys { get; }

    /// <summary>Gets a value, or makes it once for all who ask.</summary>
    /// <param name="key">The key, of any form.</param>
    /// <param name="source">Makes the value; its token ends with the fill, not with this caller.</param>
    /// <param name="dataType">
    /// Decides the lifetime; <see cref="CacheDataType.Other"/>: the key's own prefix does. Whether the entry slides or stays out of L1 is
    /// the prefix's affair in any case.
    /// </param>
    /// <param name="tags">Tags of the entry, beside the <c>stock:{ticker}</c> that follows from the key.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<T> GetOrSetAsync<T>(
        string key,
        Func<CancellationToken, ValueTask<T>> source,
        CacheDataType dataType = CacheDataType.Other,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return GetOrSetAsync(key, source, static (source, token) => source(token), OptionsFor(key, dataType), tags, cancellationToken);
    }

    /// <summary>Gets a value, or makes it once for all who ask, and keeps it for a lifetime of the caller's choice.</summary>
    /// <param name="key">The key, of any form.</param>
    /// <param name="source">Makes the value.</param>
    /// <param name="lifetime">How long it is fresh; over 0.</param>
    /// <param name="tags">Tags of the entry.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<T> GetOrSetAsync<T>(
        string key,
        Func<CancellationToken, ValueTask<T>> source,
        TimeSpan lifetime,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return GetOrSetAsync(
            key, source, static (source, token) => source(token), new CacheEntryOptions { Expiration = lifetime }, tags, cancellationToken);
    }

    /// <summary>Gets a value, or makes it with a source that needs no closure.</summary>
    /// <param name="key">The key, of any form.</param>
    /// <param name="state">Given to the source.</param>
    /// <param name="source">Makes the value.</param>
    /// <param name="options">What the call says about the entry; the rest follows from the key's prefix.</param>
    /// <param name="tags">Tags of the entry.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<T> GetOrSetAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> source,
        CacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (options is null) return Hybrid.GetOrCreateAsync(key, state, source, null, tags, cancellationToken);

        var lookup = Hybrid.GetOrCreateLookupAsync(
            key, (State: state, Source: source), static (both, _, token) => both.Source(both.State, token), options, tags, cancellationToken);
        return lookup.IsCompletedSuccessfully ? new(lookup.Result.Value!) : ValueAsync(lookup);

        static async ValueTask<T> ValueAsync(ValueTask<CacheLookup<T>> lookup) => (await lookup.ConfigureAwait(false)).Value!;
    }

    /// <summary>Gets many values, and makes all missing ones with one call of the source.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="source">Gets the missing keys and gives their values; it may leave some out.</param>
    /// <param name="dataType">Decides the lifetime; <see cref="CacheDataType.Other"/>: each key's own prefix does.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <returns>The values that there are, by key.</returns>
    public async ValueTask<IReadOnlyDictionary<string, T>> GetOrSetManyAsync<T>(
        IEnumerable<string> keys,
        Func<IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> source,
        CacheDataType dataType = CacheDataType.Other,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] all = [.. keys];
        var options = all.All(key => CacheKeys.DataTypeOf(key) == dataType) ? null : OptionsFor("", dataType);
        var lookups = await Hybrid.GetOrCreateManyAsync(all, source, options, cancellationToken).ConfigureAwait(false);
        return lookups.Where(pair => pair.Value.Found).ToDictionary(pair => pair.Key, pair => pair.Value.Value!, StringComparer.Ordinal);
    }

    /// <summary>Gets an analysis, or makes it: the entry <c>ai_analysis:{ticker}:{kind}</c>, kept for six hours unless configured.</summary>
    /// <param name="ticker">The stock.</param>
    /// <param name="kind">The kind of analysis, as in <c>short_term</c>.</param>
    /// <param name="source">Makes it.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<T> GetAnalysisAsync<T>(
        string ticker, string kind, Func<CancellationToken, ValueTask<T>> source, CancellationToken cancellationToken = default)
        => GetOrSetAsync(Keys.AiAnalysis(ticker, kind), source, cancellationToken: cancellationToken);

    /// <summary>What a call must say so that an entry lives as long as a data type; <see langword="null"/>: the key says it already.</summary>
    internal CacheEntryOptions? OptionsFor(string key, CacheDataType dataType, TimeSpan? lifetime = null)
    {
        if (lifetime is { } chosen) return _byLifetime.GetOrAdd(chosen, static time => new CacheEntryOptions { Expiration = time });
        if (dataType == CacheDataType.Other || CacheKeys.DataTypeOf(key) == dataType) return null;

        return Enum.IsDefined(dataType) ? ByDataType[(int)dataType] : throw new ArgumentOutOfRangeException(nameof(dataType), dataType, "No such data type.");
    }
}
