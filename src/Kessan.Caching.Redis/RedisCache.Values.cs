using Kessan.Caching.Keys;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Redis;

public sealed partial class RedisCache
{
    private static readonly string[] WildcardOnly = [TagTable.Wildcard];

    /// <summary>Reads a value; a session lives on for its documented lifetime from now.</summary>
    /// <returns>
    /// The value; the type's default if there is none, it was invalidated by a tag, or it cannot be read as this type.
    /// <see cref="GetEntryAsync"/> tells these apart.
    /// </returns>
    public async Task<T?> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (_guarded is null) return default;
        var entry = Counted(await CurrentAsync(_guarded, key, cancellationToken).ConfigureAwait(false))?.Entry;
        return entry is not null && _values.TryDecode<T>(entry, out var value) ? value : default;
    }

    /// <summary>Writes a value for a lifetime.</summary>
    /// <param name="key">The key; entries about a stock carry the tag that follows from it.</param>
    /// <param name="value">The value.</param>
    /// <param name="lifetime">How long it is fresh; 1 ms to 30 days.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> SetAsync<T>(string key, T value, TimeSpan lifetime, CancellationToken cancellationToken = default)
        => await SetManyAsync<T>([new(key, value)], lifetime, cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>Writes a value for the documented lifetime of a data type.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> SetAsync<T>(string key, T value, CacheDataType type, CancellationToken cancellationToken = default)
        => SetAsync(key, value, _lifetimes.For(type).Fresh, cancellationToken);

    /// <summary>Reads many values in one round trip per server; what is missing or cannot be read is left out.</summary>
    public async Task<IReadOnlyDictionary<string, T?>> GetManyAsync<T>(
        IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] distinct = [.. keys.Distinct(StringComparer.Ordinal)];
        var found = new Dictionary<string, T?>(StringComparer.Ordinal);
        if (_guarded is null) return found;
        foreach (var part in distinct.Chunk(GuardedStore.LargestBatch))
        {
            if (Counted(await CurrentAsync(_guarded, part, cancellationToken).ConfigureAwait(false)) is not { } entries) break;
            for (var i = 0; i < entries.Length; i++)
            {
                if (entries[i] is { } entry && _values.TryDecode<T>(entry, out var value)) found[part[i]] = value;
            }
        }

        return found;
    }

    /// <summary>Writes many values in one round trip per server.</summary>
    /// <param name="values">The values by key.</param>
    /// <param name="lifetime">How long they are fresh; 1 ms to 30 days.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were written.</returns>
    public async Task<int> SetManyAsync<T>(
        IReadOnlyCollection<KeyValuePair<string, T>> values, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, TimeSpan.FromDays(30));
        StoredEntry[] entries = [.. values.Select(value => _values.Encode(value.Key, value.Value, lifetime))];
        if (_guarded is null || entries.Length == 0) return 0;
        var generations = Counted(await GenerationsAsync(_guarded, entries, cancellationToken).ConfigureAwait(false));
        if (generations is null) return 0;
        var writes = values.Zip(entries, (value, entry) => new StoreWrite(
            value.Key,
            entry with { Tags = [.. entry.Tags.Select(tag => tag with { Generation = generations[tag.Tag] })] }));
        return await WriteAsync([.. writes], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One entry, if it is fresh and its tags have not been invalidated since; <see langword="null"/>: Redis did not say.</summary>
    /// <remarks>The generations that follow from the key are asked for together with the entry: one round trip, as a rule.</remarks>
    private async Task<StoreReading?> CurrentAsync(GuardedStore store, string key, CancellationToken cancellationToken)
    {
        string[] expected = CacheKeys.TagOf(key) is { } tag ? [TagTable.Wildcard, tag] : WildcardOnly;
        var read = await store.ReadAsync(
            (Store: _store!, key, Options: ReadOptionsFor(key), expected),
            static asked => asked.Store.GetTaggedAsync(asked.key, asked.Options, asked.expected, CancellationToken.None),
            cancellationToken).ConfigureAwait(false);
        if (read is not var (answer, generations)) return null;
        if (answer.Entry is not { } entry) return answer;
        if (entry.FreshLeft <= TimeSpan.Zero) return default(StoreReading);
        if (entry.Tags.All(carried => Array.IndexOf(expected, carried.Tag) is >= 0 and var at && generations[at] == carried.Generation)) return answer;

        // A generation that differs may have been read before the entry was written: only what is read after the entry decides.
        if (await GenerationsAsync(store, [entry], cancellationToken).ConfigureAwait(false) is not { } anew) return null;
        return IsCurrent(entry, anew) ? answer : default(StoreReading);
    }

    /// <summary>The same for many; null for those that are not good.</summary>
    private static async Task<StoredEntry?[]?> CurrentAsync(GuardedStore store, string[] keys, CancellationToken cancellationToken)
    {
        string[] expected = [TagTable.Wildcard, .. keys.Select(CacheKeys.TagOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        var reading = store.GetManyAsync(keys, cancellationToken);
        var asking = store.GetTagGenerationsAsync(expected, cancellationToken);
        await Task.WhenAll(reading, asking).ConfigureAwait(false);
        if (await reading.ConfigureAwait(false) is not { } readings || await asking.ConfigureAwait(false) is not { } asked) return null;
        var generations = expected.Zip(asked).ToDictionary(StringComparer.Ordinal);
        var entries = Array.ConvertAll(readings, static one => one.Entry is { } entry && entry.FreshLeft > TimeSpan.Zero ? entry : null);

        // As for one: only what is read after the entry decides.
        var doubtful = entries.Where(entry => entry is not null && !IsCurrent(entry, generations)).ToArray();
        if (doubtful.Length > 0)
        {
            if (await GenerationsAsync(store, doubtful, cancellationToken).ConfigureAwait(false) is not { } anew) return null;
            foreach (var (tag, generation) in anew) generations[tag] = generation;
        }

        return Array.ConvertAll(entries, entry => entry is not null && IsCurrent(entry, generations) ? entry : null);
    }

    private static bool IsCurrent(StoredEntry entry, Dictionary<string, long> generations)
    {
        foreach (var tag in entry.Tags)
        {
            if (!generations.TryGetValue(tag.Tag, out var generation) || generation != tag.Generation) return false;
        }

        return true;
    }

    private static async Task<Dictionary<string, long>?> GenerationsAsync(
        GuardedStore store, IEnumerable<StoredEntry?> entries, CancellationToken cancellationToken)
    {
        string[] tags = [.. entries.SelectMany(entry => entry?.Tags ?? []).Select(tag => tag.Tag).Distinct(StringComparer.Ordinal)];
        var generations = await store.GetTagGenerationsAsync(tags, cancellationToken).ConfigureAwait(false);
        return generations is null ? null : tags.Zip(generations).ToDictionary(StringComparer.Ordinal);
    }
}
