using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace Kessan.Caching.Storage.Memory;

/// <summary>One node's connection to an <see cref="InMemoryCacheServer"/>. Safe for concurrent use; never unavailable.</summary>
public sealed class InMemoryCacheStore : ICacheStore
{
    private const string CursorMark = "after:";

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    private readonly InMemoryCacheServer _server;

    /// <summary>Connects a node.</summary>
    /// <param name="server">What the nodes share.</param>
    /// <param name="nodeId">The node's name; unique.</param>
    public InMemoryCacheStore(InMemoryCacheServer server, string? nodeId = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        _server = server;
        NodeId = nodeId ?? Guid.NewGuid().ToString("N");
    }

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string NodeId { get; }

    /// <inheritdoc/>
    public ValueTask<StoreReading> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
        => new(_server.Get(key, options));

    /// <inheritdoc/>
    public ValueTask<StoreReading[]> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options, CancellationToken cancellationToken)
        => new(keys.Select(key => _server.Get(key, options)).ToArray());

    /// <inheritdoc/>
    public ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken)
        => new(_server.Set(NodeId, write));

    /// <inheritdoc/>
    public ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
        => new(writes.Select(write => _server.Set(NodeId, write)).ToArray());

    /// <inheritdoc/>
    public ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken) => new(_server.Remove(NodeId, key));

    /// <inheritdoc/>
    public ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => new(keys.Select(key => _server.Remove(NodeId, key)).ToArray());

    /// <inheritdoc/>
    public ValueTask<long> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => new(_server.RemoveTags(NodeId, tags));

    /// <inheritdoc/>
    public ValueTask<long[]> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => new(_server.Generations(tags));

    /// <inheritdoc/>
    public ValueTask<LeaseResult> AcquireLeaseAsync(LeaseRequest request, CancellationToken cancellationToken) => new(_server.Acquire(request));

    /// <inheritdoc/>
    public ValueTask<LeaseResult[]> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
        => new(requests.Select(_server.Acquire).ToArray());

    /// <inheritdoc/>
    public ValueTask<bool> RenewLeaseAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken)
        => new(_server.Renew(key, nonce, duration));

    /// <inheritdoc/>
    public ValueTask ReleaseLeaseAsync(string key, string nonce, CancellationToken cancellationToken)
    {
        _server.Release(NodeId, key, nonce);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) => new(_server.Touch(NodeId, key, lifetime));

    /// <inheritdoc/>
    public ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var last = LastOf(cursor);
        var keys = _server.Keys(Glob(pattern));
        var rest = last is null ? keys : [.. keys.SkipWhile(key => string.CompareOrdinal(key, last) <= 0)];
        return new(rest.Length <= limit ? new KeyPage(rest, null) : new KeyPage(rest[..limit], CursorAfter(rest[limit - 1])));
    }

    /// <inheritdoc/>
    public ValueTask<long> RemoveByPatternAsync(string pattern, CancellationToken cancellationToken)
        => new(_server.Keys(Glob(pattern)).LongCount(key => _server.Remove(NodeId, key).Existed));

    /// <inheritdoc/>
    public IAsyncDisposable Subscribe(IStoreSubscriber subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var inbox = new InMemoryInbox(subscriber, NodeId);
        _server.Add(inbox);
        inbox.Post(static target => target.OnAlive(TimeSpan.Zero));
        var timer = _server.Time.CreateTimer(_ => _server.Heartbeat(NodeId), null, HeartbeatInterval, HeartbeatInterval);
        return new Subscription(_server, inbox, timer);
    }

    // A place among the names, not a number: what is removed between two pages moves none of the others.
    private static string CursorAfter(string key) => Base64Url.EncodeToString(Encoding.Unicode.GetBytes(CursorMark + key));

    private static string? LastOf(string? cursor)
    {
        if (cursor is null) return null;
        if (Base64Url.IsValid(cursor) && Encoding.Unicode.GetString(Base64Url.DecodeFromChars(cursor)) is var text && text.StartsWith(CursorMark, StringComparison.Ordinal))
        {
            return text[CursorMark.Length..];
        }

        throw new ArgumentException("The cursor is none that this store gave out.", nameof(cursor));
    }

    private static Func<string, bool> Glob(string pattern)
    {
        var expression = "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$";
        var regex = new Regex(expression, RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, PatternTimeout);
        return regex.IsMatch;
    }

    private sealed class Subscription(InMemoryCacheServer server, InMemoryInbox inbox, ITimer timer) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            server.Remove(inbox);
            return timer.DisposeAsync();
        }
    }
}
