using Kessan.Caching.Keys;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Redis;

public sealed partial class RedisCache
{
    /// <summary>Reads a value; a session lives on for its documented lifetime from now.</summary>
    /// <returns>
    /// The value; the type's default if there is none, it was invalidated by a tag, or it cannot be read as this type.
    /// <see cref="GetEntryAsync"/> tells these apart.
    /// </returns>
    public async Task<T?> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var entry = await TryAsync(
            "get",
            async store => (await CurrentAsync(
                store, [key], ReadAsync(store.GetAsync(key, ReadOptionsFor(key), cancellationToken)), cancellationToken).ConfigureAwait(false))[0],
            cancellationToken).ConfigureAwait(false);
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
        var entries = await TryAsync(
            "get many",
            store => CurrentAsync(
                store, distinct, store.GetManyAsync(distinct, StoreReadOptions.Default, cancellationToken).AsTask(), cancellationToken),
            cancellationToken).ConfigureAwait(false) ?? [];
        var found = new Dictionary<string, T?>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] is { } entry && _values.TryDecode<T>(entry, out var value)) found[distinct[i]] = value;
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
        var results = await TryAsync(
            "set many",
            async store =>
            {
                var generations = await GenerationsAsync(store, entries, cancellationToken).ConfigureAwait(false);
                var writes = values.Zip(entries, (value, entry) => new StoreWrite(
                    value.Key,
                    entry with { Tags = [.. entry.Tags.Select(tag => tag with { Generation = generations[tag.Tag] })] }));
                return await store.SetManyAsync([.. writes], cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return results?.Count(result => result.Stored) ?? 0;
    }

    private static async Task<StoreReading[]> ReadAsync(ValueTask<StoreReading> reading) => [await reading.ConfigureAwait(false)];

    /// <summary>The entries that are fresh and whose tags have not been invalidated since; null for the others.</summary>
    /// <remarks>The generations that follow from the keys are asked for together with the entries: one round trip, as a rule.</remarks>
    private static async Task<StoredEntry?[]> CurrentAsync(
        RedisStore store, IReadOnlyCollection<string> keys, Task<StoreReading[]> reading, CancellationToken cancellationToken)
    {
        string[] expected = [TagTable.Wildcard, .. keys.Select(CacheKeys.TagOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        var asking = store.GetTagGenerationsAsync(expected, cancellationToken).AsTask();
        await Task.WhenAll(reading, asking).ConfigureAwait(false);
        var generations = expected.Zip(await asking.ConfigureAwait(false)).ToDictionary(StringComparer.Ordinal);
        var entries = Array.ConvertAll(
            await reading.ConfigureAwait(false), one => one.Entry is { } entry && entry.FreshLeft > TimeSpan.Zero ? entry : null);

        // A generation that differs may have been read before the entry was written: only what is read after the entry decides.
        var doubtful = entries.Where(entry => entry is not null && !IsCurrent(entry)).ToArray();
        if (doubtful.Length > 0)
        {
            foreach (var (tag, generation) in await GenerationsAsync(store, doubtful, cancellationToken).ConfigureAwait(false)) generations[tag] = generation;
        }

        return Array.ConvertAll(entries, entry => entry is not null && IsCurrent(entry) ? entry : null);

        bool IsCurrent(StoredEntry entry)
        {
            foreach (var tag in entry.Tags)
            {
                if (!generations.TryGetValue(tag.Tag, out var generation) || generation != tag.Generation) return false;
            }

            return true;
        }
    }

    private static async Task<Dictionary<string, long>> GenerationsAsync(
        RedisStore store, IEnumerable<StoredEntry?> entries, CancellationToken cancellationToken)
    {
        string[] tags = [.. entries.SelectMany(entry => entry?.Tags ?? []).Select(tag => tag.Tag).Distinct(StringComparer.Ordinal)];
        var generations = await store.GetTagGenerationsAsync(tags, cancellationToken).ConfigureAwait(false);
        return tags.Zip(generations).ToDictionary(StringComparer.Ordinal);
    }
}
