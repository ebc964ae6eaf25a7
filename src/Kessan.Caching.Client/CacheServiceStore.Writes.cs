using System.Buffers;
using System.Net;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client;

public sealed partial class CacheServiceStore
{
    /// <inheritdoc/>
    public async ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        CheckKey(write.Key);
        var request = ServiceRequests.Entry(HttpMethod.Put, write.Key)
            .WithEntries(StoredEntryFormat.Encode(write.Entry))
            .WithCondition(write.Condition);
        var answer = await ChangeAsync(
            request, [write.Key], static status => status is HttpStatusCode.NoContent or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed, cancellationToken)
            .ConfigureAwait(false);
        var stored = answer.Status == HttpStatusCode.NoContent;
        _recent.Key(write.Key, answer.Version);
        return new StoreWriteResult(stored, answer.Version);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        foreach (var write in writes) CheckKey(write.Key);
        if (writes.Any(static write => SessionKeys.IsSession(write.Key)))
        {
            return await Task.WhenAll(writes.Select(write => SetAsync(write, cancellationToken).AsTask())).ConfigureAwait(false);
        }

        var results = new StoreWriteResult[writes.Count];
        for (var start = 0; start < writes.Count;)
        {
            var (body, count) = EncodePart(writes, start);
            string[] keys = [.. writes.Skip(start).Take(count).Select(static write => write.Key)];
            var request = ServiceRequests.To(HttpMethod.Post, "v1/entries/batch-set").WithEntries(body);
            var answer = await ChangeAsync(request, keys, IsOk, cancellationToken).ConfigureAwait(false);
            var frames = ReadFrames(answer, count, ServiceOperation.Write);
            for (var i = 0; i < count; i++)
            {
                results[start + i] = new StoreWriteResult(frames[i].Code == 1, frames[i].Version);
                _recent.Key(keys[i], frames[i].Version);
            }

            start += count;
        }

        return results;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        CheckKey(key);
        var request = ServiceRequests.Entry(HttpMethod.Delete, key);
        var answer = await ChangeAsync(request, [key], static status => status is HttpStatusCode.NoContent or HttpStatusCode.NotFound, cancellationToken)
            .ConfigureAwait(false);
        _recent.Key(key, answer.Version);
        return new StoreRemoval(answer.Status == HttpStatusCode.NoContent, answer.Version);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys) CheckKey(key);
        if (keys.Any(SessionKeys.IsSession))
        {
            // Batches are of entries; a session has a row of its own.
            return await Task.WhenAll(keys.Select(key => RemoveAsync(key, cancellationToken).AsTask())).ConfigureAwait(false);
        }

        var removals = new StoreRemoval[keys.Count];
        await InPartsAsync(keys.Count, async (start, count) =>
        {
            string[] part = [.. keys.Skip(start).Take(count)];
            var request = ServiceRequests.Post("v1/entries/batch-delete", new KeysBody(part), ServiceJson.Default.KeysBody).AcceptingEntries();
            var answer = await ChangeAsync(request, part, IsOk, cancellationToken).ConfigureAwait(false);
            var frames = ReadFrames(answer, count, ServiceOperation.Removal);
            for (var i = 0; i < count; i++)
            {
                removals[start + i] = new StoreRemoval(frames[i].Code == 1, frames[i].Version);
                _recent.Key(part[i], frames[i].Version);
            }

            return true;
        }).ConfigureAwait(false);
        return removals;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        CheckKey(key);
        var request = ServiceRequests.Entry(HttpMethod.Patch, key, $"?ttl={ServiceRequests.Seconds(lifetime)}");
        var answer = await ChangeAsync(request, [key], static status => status is HttpStatusCode.NoContent or HttpStatusCode.NotFound, cancellationToken)
            .ConfigureAwait(false);
        _recent.Key(key, 0);
        return answer.Status == HttpStatusCode.NoContent;
    }

    /// <summary>Sends a change. If it is not known what became of it, the keys count as changed.</summary>
    private async Task<ServiceAnswer> ChangeAsync(
        HttpRequestMessage request, string[] keys, Func<HttpStatusCode, bool> expected, CancellationToken cancellationToken)
    {
        try
        {
            return await _channel.SendAsync(request, ServiceOperation.Write, _channel.Timeout, expected, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is CacheStoreException or OperationCanceledException)
        {
            foreach (var key in keys) _recent.Key(key, 0);
            throw;
        }
    }

    private (ReadOnlyMemory<byte> Body, int Count) EncodePart(IReadOnlyList<StoreWrite> writes, int start)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var count = 0;
        while (start + count < writes.Count && count < _options.BatchKeys)
        {
            var (key, entry, condition) = writes[start + count];
            if (count > 0 && buffer.WrittenCount + entry.Payload.Length + (4 * key.Length) + 1024 > _options.BatchBytes) break;
            StoredEntryFrames.Write(buffer, new StoredEntryFrame(key)
            {
                Code = (byte)condition.Kind,
                Version = condition.Version,
                Nonce = condition.Nonce,
                Entry = entry,
            });
            count++;
        }

        return (buffer.WrittenMemory, count);
    }
}
