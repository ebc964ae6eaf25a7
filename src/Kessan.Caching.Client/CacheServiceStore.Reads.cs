using System.Net;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client;

public sealed partial class CacheServiceStore
{
    // How often a key is read whose answers are older than what was known when they were asked for, before it counts as missing.
    private const int Attempts = 5;

    /// <inheritdoc/>
    public async ValueTask<StoreReading> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckKey(key);
        var noCache = options.NoCache || _recent.Has(key);
        if (options.Slide is not null) _recent.Key(key, 0); // the replicas' first layers still have the old lifetime
        var known = _recent.VersionOf(key);
        var reading = await GetOnceAsync(key, options, noCache, cancellationToken).ConfigureAwait(false);
        if (!noCache && IsOutdated(key, reading))
        {
            known = _recent.VersionOf(key);
            reading = await GetOnceAsync(key, options, noCache: true, cancellationToken).ConfigureAwait(false);
        }

        // Older than what was known before it was asked. What is written while an answer is on its way is no reason to ask again: for a key
        // that many write all the time there would be no answer; the first layer compares versions before it keeps anything.
        for (var attempt = 1; attempt < Attempts && IsOlder(reading, known); attempt++)
        {
            known = _recent.VersionOf(key);
            reading = await GetOnceAsync(key, options, noCache: true, cancellationToken).ConfigureAwait(false);
        }

        return IsOlder(reading, known) ? default : reading;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreReading[]> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var key in keys) CheckKey(key);
        if (options.Slide is not null || keys.Any(SessionKeys.IsSession))
        {
            // Rare, and one by one: sliding and sessions belong to the read of a single entry.
            return await Task.WhenAll(keys.Select(key => GetAsync(key, options, cancellationToken).AsTask())).ConfigureAwait(false);
        }

        var noCache = options.NoCache || keys.Any(_recent.Has);
        var readings = await GetOnceAsync(keys, noCache, cancellationToken).ConfigureAwait(false);
        if (!noCache)
        {
            int[] outdated = [.. Enumerable.Range(0, keys.Count).Where(i => IsOutdated(keys[i], readings[i]))];
            if (outdated.Length > 0)
            {
                var again = await GetOnceAsync([.. outdated.Select(i => keys[i])], noCache: true, cancellationToken).ConfigureAwait(false);
                for (var i = 0; i < outdated.Length; i++) readings[outdated[i]] = again[i];
            }
        }

        for (var i = 0; i < readings.Length; i++)
        {
            // Changed while the answer was on its way: few, if any.
            if (IsTooOld(keys[i], readings[i])) readings[i] = await GetAsync(keys[i], options, cancellationToken).ConfigureAwait(false);
        }

        return readings;
    }

    private async Task<StoreReading> GetOnceAsync(string key, StoreReadOptions options, bool noCache, CancellationToken cancellationToken)
    {
        var query = "";
        if (SessionKeys.IsSession(key))
        {
            // The service knows how long a session lives; it is renewed or only looked at.
            query = options.Slide is null ? "?renew=false" : "";
        }
        else if (options.Slide is { } slide)
        {
            query = $"?slide={ServiceRequests.Seconds(slide)}";
            if (options.SlideLimit is { } limit) query += $"&slide_limit={ServiceRequests.Seconds(limit)}";
        }

        var request = ServiceRequests.Entry(HttpMethod.Get, key, query).AcceptingEntries(noCache);
        var answer = await _channel.SendAsync(
            request, ServiceOperation.Read, _channel.Timeout, static status => status is HttpStatusCode.OK or HttpStatusCode.NotFound, cancellationToken)
            .ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound) return default;
        return StoredEntryFormat.TryDecode(answer.Body, answer.Elapsed, out var entry)
            ? new StoreReading(entry, answer.TagsVerified)
            : throw Unreadable(ServiceOperation.Read);
    }

    private async Task<StoreReading[]> GetOnceAsync(IReadOnlyList<string> keys, bool noCache, CancellationToken cancellationToken)
    {
        var readings = new StoreReading[keys.Count];
        await InPartsAsync(keys.Count, async (start, count) =>
        {
            var body = new KeysBody(keys.Skip(start).Take(count));
            var request = ServiceRequests.Post("v1/entries/batch-get", body, ServiceJson.Default.KeysBody).AcceptingEntries(noCache);
            var answer = await _channel.SendAsync(
                request, ServiceOperation.Read, _channel.Timeout, IsOkOrTooLarge, cancellationToken)
                .ConfigureAwait(false);
            if (answer.Status != HttpStatusCode.OK) return false;
            FillReadings(answer, readings.AsSpan(start, count));
            return true;
        }).ConfigureAwait(false);
        return readings;
    }

    private static void FillReadings(in ServiceAnswer answer, Span<StoreReading> readings)
    {
        var frames = ReadFrames(answer, readings.Length, ServiceOperation.Read);
        for (var i = 0; i < readings.Length; i++)
        {
            // A copy: one entry in L1 must not keep the whole batch alive.
            readings[i] = frames[i].Entry is { } entry
                ? new StoreReading(
                    entry with { Payload = entry.Payload.ToArray(), Age = entry.Age + answer.Elapsed }, frames[i].TagsVerified)
                : default;
        }
    }

    private static StoredEntryFrame[] ReadFrames(in ServiceAnswer answer, int count, string operation)
    {
        var frames = new StoredEntryFrame[count];
        ReadOnlyMemory<byte> body = answer.Body;
        for (var i = 0; i < count; i++)
        {
            if (!StoredEntryFrames.TryRead(ref body, out frames[i])) throw Unreadable(operation);
        }

        return body.IsEmpty ? frames : throw Unreadable(operation);
    }

    /// <summary>Sends a batch in parts that the service takes, and one that is too large all the same in halves.</summary>
    private async Task InPartsAsync(int count, Func<int, int, Task<bool>> send)
    {
        for (var start = 0; start < count; start += _options.BatchKeys)
        {
            await SendAsync(start, Math.Min(_options.BatchKeys, count - start)).ConfigureAwait(false);
        }

        async Task SendAsync(int start, int length)
        {
            if (await send(start, length).ConfigureAwait(false)) return;
            if (length == 1) throw new CacheStoreException("The cache service refuses one entry as too large.") { IsRefusal = true };
            await SendAsync(start, length / 2).ConfigureAwait(false);
            await SendAsync(start + (length / 2), length - (length / 2)).ConfigureAwait(false);
        }
    }

    /// <summary>A replica that has not heard of a change that we know of may have given this answer out of its first layer.</summary>
    private bool IsOutdated(string key, in StoreReading reading)
    {
        if (reading.Entry is not { } entry) return false;
        if (IsTooOld(key, reading)) return true;
        foreach (var (tag, _) in entry.Tags)
        {
            if (_recent.HasTag(tag)) return true;
        }

        return false;
    }

    private bool IsTooOld(string key, in StoreReading reading) => IsOlder(reading, _recent.VersionOf(key));

    private static bool IsOlder(in StoreReading reading, long known)
        => reading.Entry is { } entry && (entry.Traits & StoredEntryTraits.Foreign) == 0 && entry.Version < known;
}
