using Kessan.Caching.Storage;
using Xunit;

namespace Kessan.Testing.Storage;

/// <summary>
/// What every <see cref="ICacheStore"/> must do. A test class per store derives from it; tests share the store behind it and
/// use keys of their own.
/// </summary>
public abstract partial class CacheStoreContract : IAsyncLifetime
{
    private readonly string _unique = Guid.NewGuid().ToString("N")[..12];
    private readonly List<ICacheStore> _opened = [];

    /// <summary>The first node.</summary>
    protected ICacheStore Store { get; private set; } = null!;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Store = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            if (store is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }

        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Provides what the nodes share; skips the test if this machine lacks it.</summary>
    protected virtual ValueTask StartAsync() => default;

    /// <summary>Undoes <see cref="StartAsync"/>.</summary>
    protected virtual ValueTask StopAsync() => default;

    /// <summary>Makes one more node, ready for use.</summary>
    protected abstract ValueTask<ICacheStore> OpenNodeAsync();

    /// <summary>Lets time pass: really, or on the store's fake clock.</summary>
    protected virtual async Task PassAsync(TimeSpan time)
    {
        // A delay may end a tick of the system's coarse clock early; this one does not.
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < time) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancelled);
    }

    protected async Task<ICacheStore> OpenAsync()
    {
        var store = await OpenNodeAsync();
        _opened.Add(store);
        return store;
    }

    /// <summary>
    /// Tags as a test writes them into an entry. A store that compares tags itself gives them their current generations: an entry with
    /// others is invalid there.
    /// </summary>
    protected virtual ValueTask<TagGeneration[]> ValidAsync(params TagGeneration[] tags) => new(tags);

    /// <summary>What a test wrote, of the tags that it reads back; an engine behind the store adds some of its own.</summary>
    protected virtual IEnumerable<TagGeneration> Written(IReadOnlyList<TagGeneration> tags) => tags;

    /// <summary>
    /// The sender of a message about what one node did, as another node hears it; where a service stands between, its replica numbers the
    /// messages and is the sender.
    /// </summary>
    protected virtual string SenderOf(ICacheStore cause, ICacheStore hearer) => cause.NodeId;

    /// <summary>A key, tag or pattern that no other test uses.</summary>
    protected string Unique(string name) => $"t{_unique}:{name}";

    protected static StoredEntry Entry(string text, TimeSpan? lifetime = null, params TagGeneration[] tags) => new()
    {
        Payload = System.Text.Encoding.UTF8.GetBytes(text),
        Lifetime = lifetime ?? TimeSpan.FromMinutes(5),
        Tags = tags,
    };

    protected static string? Text(StoreReading reading)
        => reading.Entry is { } entry ? System.Text.Encoding.UTF8.GetString(entry.Payload.Span) : null;

    protected ValueTask<StoreReading> ReadAsync(string key) => Store.GetAsync(key, StoreReadOptions.Default, Cancelled);

    protected async Task<long> WriteAsync(string key, StoredEntry entry)
    {
        var result = await Store.SetAsync(new StoreWrite(key, entry), Cancelled);
        Assert.True(result.Stored);
        return result.Version;
    }

    protected async Task<string> LeaseAsync(string key, TimeSpan? duration = null)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var lease = await Store.AcquireLeaseAsync(new LeaseRequest(key, nonce, duration ?? TimeSpan.FromSeconds(30)), Cancelled);
        Assert.Equal(LeaseOutcome.Granted, lease.Outcome);
        return nonce;
    }
}
