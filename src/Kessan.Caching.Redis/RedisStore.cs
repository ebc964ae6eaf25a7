using Kessan.Caching.Redis.Backplane;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Entries;
using Kessan.Caching.Redis.Scan;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Redis.Tags;
using Kessan.Caching.Storage;
using Microsoft.Extensions.Logging;

namespace Kessan.Caching.Redis;

/// <summary>Redis as the engine's second layer. Safe for concurrent use.</summary>
internal sealed class RedisStore : ICacheStore, IAsyncDisposable
{
    private readonly EntryReader _reader;
    private readonly EntryWriter _writer;
    private readonly LeaseKeeper _leases;
    private readonly TagGenerations _tags;
    private readonly TaggedReader _tagged;
    private readonly KeyScanner _scanner;
    private int _disposed;

    public RedisStore(IMultiplexerSource source, RedisStoreOptions options, TimeProvider time, ILogger logger)
    {
        NodeId = Guid.NewGuid().ToString("N");
        Options = options;
        Connection = new RedisConnection(source, options, time, logger);
        var runner = new ScriptRunner(NodeId);
        var clocks = new ClockReader(time);
        var index = new TagIndex(options);
        _reader = new EntryReader(Connection, clocks, options);
        _writer = new EntryWriter(Connection, runner, index, options);
        _leases = new LeaseKeeper(Connection, runner, _reader, clocks);
        _tags = new TagGenerations(Connection, runner, index, options, time);
        _tagged = new TaggedReader(Connection, _reader, _tags);
        _scanner = new KeyScanner(Connection, _writer, options);
        Cleaner = new Cleaner(Connection, _writer, options);
        Backplane = new RedisBackplane(Connection, NodeId, options, time, logger);
        Pulse = new Pulse(Connection, Backplane, clocks, runner, options, time, logger);
    }

    public string Name => "redis";

    public string NodeId { get; }

    public RedisStoreOptions Options { get; }

    public RedisConnection Connection { get; }

    public Cleaner Cleaner { get; }

    public RedisBackplane Backplane { get; }

    public Pulse Pulse { get; }

    public ValueTask<StoreReading> GetAsync(string key, StoreReadOptions options, CancellationToken cancellationToken)
        => _reader.GetAsync(key, options, cancellationToken);

    /// <summary>An entry and the generations of tags, in one round trip as a rule.</summary>
    public ValueTask<TaggedReading> GetTaggedAsync(string key, StoreReadOptions options, IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => _tagged.GetAsync(key, options, tags, cancellationToken);

    public ValueTask<StoreReading[]> GetManyAsync(IReadOnlyList<string> keys, StoreReadOptions options, CancellationToken cancellationToken)
        => _reader.GetManyAsync(keys, options, cancellationToken);

    public ValueTask<StoreWriteResult> SetAsync(StoreWrite write, CancellationToken cancellationToken)
        => _writer.SetAsync(write, cancellationToken);

    public ValueTask<StoreWriteResult[]> SetManyAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken)
        => _writer.SetManyAsync(writes, cancellationToken);

    public ValueTask<StoreRemoval> RemoveAsync(string key, CancellationToken cancellationToken)
        => _writer.RemoveAsync(key, cancellationToken);

    public ValueTask<StoreRemoval[]> RemoveManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
        => _writer.RemoveManyAsync(keys, cancellationToken);

    public ValueTask<long> RemoveTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => _tags.RemoveAsync(tags, cancellationToken);

    public ValueTask<long[]> GetTagGenerationsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
        => _tags.GetAsync(tags, cancellationToken);

    public ValueTask<LeaseResult> AcquireLeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
        => _leases.AcquireAsync(request, cancellationToken);

    public ValueTask<LeaseResult[]> AcquireLeasesAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
        => _leases.AcquireAsync(requests, cancellationToken);

    public ValueTask<bool> RenewLeaseAsync(string key, string nonce, TimeSpan duration, CancellationToken cancellationToken)
        => _leases.RenewAsync(key, nonce, duration, cancellationToken);

    public ValueTask ReleaseLeaseAsync(string key, string nonce, CancellationToken cancellationToken)
        => _leases.ReleaseAsync(key, nonce, cancellationToken);

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
        => _writer.TouchAsync(key, lifetime, cancellationToken);

    public ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken)
        => _scanner.ScanAsync(pattern, cursor, limit, cancellationToken);

    public ValueTask<long> RemoveByPatternAsync(string pattern, CancellationToken cancellationToken)
        => _scanner.RemoveAsync(pattern, cancellationToken);

    public IAsyncDisposable Subscribe(IStoreSubscriber subscriber) => Backplane.Subscribe(subscriber);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return; // a container knows the store under two names
        await Pulse.DisposeAsync().ConfigureAwait(false);
        await Backplane.DisposeAsync().ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}
