using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;

namespace Kessan.Caching.Sessions;

/// <summary>
/// Sessions: always read from the store, prolonged by each read, ended at the latest some hours after they began, and never overwritten
/// by a write that did not know the last one.
/// </summary>
/// <remarks>
/// A write keeps the beginning of the session, so that nobody stays for ever by changing something; every write is conditional (on absence or on
/// the version that was read), so a write that the store did not acknowledge is never repeated later. <see cref="StoredEntry"/> as the
/// type of the content passes bytes through. Safe for concurrent use.
/// </remarks>
internal sealed class SessionKeeper(KessanHybridCache cache, CacheKeyBuilder keys, CacheTtlPolicy policy)
{
    private const int Attempts = 8;

    private readonly CacheNode _node = cache.Node;

    /// <summary>Reads a session and prolongs it, in one step of the store.</summary>
    public async ValueTask<SessionReading<T>> ReadAsync<T>(string user, CancellationToken cancellationToken)
    {
        var key = keys.UserSession(user);
        var rule = policy.ForKey(key)!;
        var (known, entry) = await FindAsync(key, new StoreReadOptions { Slide = rule.Fresh, SlideLimit = rule.SlideLimit }, cancellationToken).ConfigureAwait(false);
        if (!known) return new(SessionStatus.Unavailable, default, 0, default, default);
        if (entry is null || !TryDecode<T>(entry, out var value)) return default;
        var left = entry.FreshLeft < rule.Fresh ? entry.FreshLeft : rule.Fresh; // its age is an estimate, which can be too low by a clock's drift
        return new(SessionStatus.Found, value, entry.Version, entry.Age, left);
    }

    /// <summary>Writes a session.</summary>
    /// <param name="user">The user.</param>
    /// <param name="value">The content.</param>
    /// <param name="version">The version that is to be replaced; 0: there must be none; <see langword="null"/>: whatever is there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<SessionWrite> WriteAsync<T>(string user, T value, long? version, CancellationToken cancellationToken)
    {
        var key = keys.UserSession(user);
        var content = Encode(value);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // Also what is no session any more (its life is over, or all entries were invalidated) may still stand there, to be replaced.
            var (known, present, isLive) = await LookAsync(key, cancellationToken).ConfigureAwait(false);
            if (!known) return new(SessionWriteStatus.Unavailable, 0);

            var current = isLive ? present!.Version : 0;
            if (version is { } wanted && wanted != current) return new(SessionWriteStatus.Refused, current);

            var condition = present is null ? WriteCondition.IfAbsent : WriteCondition.IfVersion(present.Version);
            var write = cache.PrepareEntry(new StoreWrite(key, Dated(content, policy.ForKey(key)!, isLive ? present!.Age : default), condition));
            var outcome = (await cache.Writer.WriteAsync([write], cancellationToken).ConfigureAwait(false))[0];
            switch (outcome.Status)
            {
                case EntryWriteStatus.Stored:
                    return new(SessionWriteStatus.Stored, outcome.Version);
                case EntryWriteStatus.Refused when version is not null:
                    return new(SessionWriteStatus.Refused, outcome.Version);
                case EntryWriteStatus.Refused:
                    continue;
                default:
                    return new(SessionWriteStatus.Unavailable, 0);
            }
        }

        return new(SessionWriteStatus.Refused, 0);
    }

    /// <summary>Ends a session.</summary>
    /// <returns>Whether there was one; <see langword="null"/>: the store is away, and the session is ended when it is back.</returns>
    public async ValueTask<bool?> RemoveAsync(string user, CancellationToken cancellationToken)
    {
        if (_node.Store is null) return null;
        var removals = await cache.Remover.RemoveAsync([keys.UserSession(user)], cancellationToken).ConfigureAwait(false);
        return removals?[0].Existed;
    }

    private async ValueTask<(bool Known, StoredEntry? Entry)> FindAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
    {
        var (known, entry, isLive) = await LookAsync(key, cancellationToken, options).ConfigureAwait(false);
        return (known, isLive ? entry : null);
    }

    private async ValueTask<(bool Known, StoredEntry? Entry, bool IsLive)> LookAsync(
        string key, CancellationToken cancellationToken, StoreReadOptions? options = null)
    {
        if (_node.Store is not { } store || _node.Journal.HoldsKey(key)) return default; // what stands there was ended, without the store's knowing yet
        var reading = await store.GetAsync(key, options ?? StoreReadOptions.PastNearCache).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (reading is not { } read) return default;
        if (read.Entry is not { } entry) return (true, null, false);

        if (entry.FreshLeft <= TimeSpan.Zero) return (true, entry, false);

        var (validity, _) = await _node.Generations.CheckAsync(read, anew: true).ConfigureAwait(false);
        return validity == EntryValidity.Unknown ? default : (true, entry, validity == EntryValidity.Valid);
    }

    private StoredEntry Encode<T>(T value)
    {
        if (value is StoredEntry entry) return entry;
        var (payload, traits) = _node.Values.SerializeArgument(value);
        return new StoredEntry { Payload = payload, Traits = traits, Lifetime = TimeSpan.FromSeconds(1) };
    }

    private static StoredEntry Dated(StoredEntry content, CacheLifetime rule, TimeSpan age)
    {
        var lifetime = age + rule.Fresh;
        if (rule.SlideLimit is { } limit && lifetime > limit) lifetime = limit;
        return content with { Age = age, Lifetime = lifetime, StaleWindow = TimeSpan.Zero, Tags = [] };
    }

    private bool TryDecode<T>(StoredEntry entry, out T? value)
    {
        try
        {
            value = typeof(T) == typeof(StoredEntry)
                ? (T)(object)entry
                : _node.Values.Deserialize<T>(PayloadCompression.Decompress(entry, _node.Values.MaximumPayloadBytes));
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // bytes of another type, as after a change of shape: no session
        {
            value = default;
            return false;
        }
    }
}
