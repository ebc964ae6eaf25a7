using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;

namespace Kessan.Caching.Tests.Conformance;

/// <summary>The L2 that stock nodes share: a dictionary under fake time, which can be taken away.</summary>
internal sealed class SharedDistributedCache(TimeProvider time) : IDistributedCache
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Until)> _entries = [];

    public bool IsAway { get; set; }

    /// <summary>What a read waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Count => _entries.Count;

    public byte[]? Get(string key) => _entries.TryGetValue(Check(key), out var entry) && entry.Until > time.GetUtcNow() ? entry.Bytes : null;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await Gate;
        return Get(key);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
        => _entries[Check(key)] = (value, time.GetUtcNow() + (options.AbsoluteExpirationRelativeToNow ?? TimeSpan.FromDays(365)));

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return Task.CompletedTask;
    }

    public void Remove(string key) => _entries.TryRemove(Check(key), out _);

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        Remove(key);
        return Task.CompletedTask;
    }

    public void Refresh(string key) => Check(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    private string Check(string key) => IsAway ? throw new IOException("The simulated L2 is away.") : key;
}
