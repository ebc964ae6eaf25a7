namespace Kessan.Caching.Storage.Memory;

/// <summary>
/// The shared half of an in-memory store: what a Redis server would be. Any number of <see cref="InMemoryCacheStore"/> connect to it, as nodes
/// of one fleet. For tests and for programs of one process. Safe for concurrent use.
/// </summary>
public sealed class InMemoryCacheServer
{
    private const int SweepInterval = 10_000;

    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, InMemoryEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InMemoryLease> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _generations = new(StringComparer.Ordinal);
    private readonly InMemoryHistory _history = new();
    private readonly InMemoryMessages _messages = new();
    private long _version;
    private long _writes;

    /// <summary>Makes an empty server.</summary>
    /// <param name="time">The server's clock.</param>
    /// <param name="random">Draws tag generations; give a seeded one to make a test repeatable.</param>
    /// <param name="keepStale">Whether entries are kept past their fresh life, for their stale window.</param>
    public InMemoryCacheServer(TimeProvider? time = null, Random? random = null, bool keepStale = false)
    {
        _time = time ?? TimeProvider.System;
        _random = random ?? new Random();
        KeepsStale = keepStale;
    }

    /// <summary>Whether entries are kept past their fresh life.</summary>
    public bool KeepsStale { get; }

    internal TimeProvider Time => _time;

    /// <summary>
    /// Forgets what was written and removed since a point in time (of each key the last step), the invalidations of tags since then, and all
    /// leases, as a failover does.
    /// </summary>
    public void ForgetSince(DateTimeOffset since)
    {
        lock (_lock)
        {
            _history.UndoSince(since, _entries, _generations);
            _leases.Clear();
        }

        _messages.Post(static subscriber => subscriber.OnServerChanged());
    }

    /// <summary>Forgets the generations of all tags, as a server does that needs their room: entries that carry tags are misses from now on.</summary>
    public void LoseGenerations()
    {
        lock (_lock) _generations.Clear();
    }

    /// <summary>How many entries there are, fresh or not.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    internal StoreReading Get(string key, StoreReadOptions options)
    {
        lock (_lock)
        {
            if (Find(key) is not { } found) return default;
            if (options.Slide is { } slide)
            {
                var age = _time.GetUtcNow() - found.MadeAt;
                var lifetime = age + slide;
                if (options.SlideLimit is { } limit && lifetime > limit) lifetime = limit;
                if (lifetime > found.Entry.Lifetime) found = _entries[key] = found with { Entry = found.Entry with { Lifetime = lifetime } };
            }

            return new StoreReading(WithAge(found));
        }
    }

    internal StoreWriteResult Set(string sender, StoreWrite write)
    {
        StoreWriteResult result;
        lock (_lock)
        {
            var present = Find(write.Key);
            var holds = write.Condition.Kind switch
            {
                WriteConditionKind.IfAbsent => present is null,
                WriteConditionKind.IfVersion => present?.Entry.Version == write.Condition.Version,
                WriteConditionKind.IfLeaseHeld => FindLease(write.Key)?.Nonce == write.Condition.Nonce,
                _ => true,
            };
            if (!holds) return new StoreWriteResult(false, present?.Entry.Version ?? 0);

            var now = _time.GetUtcNow();
            var version = NextVersion();
            if (++_writes % SweepInterval == 0) Sweep(now);
            _entries[write.Key] = new InMemoryEntry(write.Entry with { Version = version }, now - write.Entry.Age, now, Bare(present));
            _leases.Remove(write.Key);
            _messages.Enqueue(sender, StoreMessageKind.Set, write.Key, version);
            result = new StoreWriteResult(true, version);
        }

        _messages.Deliver();
        return result;
    }

    internal StoreRemoval Remove(string sender, string key)
    {
        StoreRemoval result;
        lock (_lock)
        {
            var existed = Find(key) is { } entry;
            if (_entries.Remove(key, out var removed)) _history.Removed(key, removed, _time.GetUtcNow());
            _leases.Remove(key);
            var version = NextVersion();
            _messages.Enqueue(sender, StoreMessageKind.Removed, key, version);
            result = new StoreRemoval(existed, version);
        }

        _messages.Deliver();
        return result;
    }

    internal long RemoveTags(string sender, IReadOnlyList<string> tags)
    {
        long counted = 0;
        lock (_lock)
        {
            foreach (var tag in tags)
            {
                if (tag.StartsWith("stock:", StringComparison.Ordinal))
                {
                    foreach (var (key, entry) in _entries.ToArray())
                    {
                        if (!entry.Entry.Tags.Any(t => t.Tag == tag && t.Generation == _generations.GetValueOrDefault(tag))) continue;
                        if (Find(key) is { } live && WithAge(live).FreshLeft > TimeSpan.Zero) counted++;
                        _entries.Remove(key);
                        _history.Removed(key, entry, _time.GetUtcNow());
                    }
                }

                _history.Changed(tag, _generations.GetValueOrDefault(tag), _time.GetUtcNow());
                _generations[tag] = NewGeneration();
                _messages.Enqueue(sender, StoreMessageKind.TagRemoved, tag, NextVersion());
            }
        }

        _messages.Deliver();
        return counted;
    }

    internal long[] Generations(IReadOnlyList<string> tags)
    {
        lock (_lock)
        {
            var generations = new long[tags.Count];
            for (var i = 0; i < generations.Length; i++)
            {
                if (!_generations.TryGetValue(tags[i], out generations[i])) generations[i] = _generations[tags[i]] = NewGeneration();
            }

            return generations;
        }
    }

    internal LeaseResult Acquire(LeaseRequest request)
    {
        lock (_lock)
        {
            if (Find(request.Key) is { } found && found.Entry.Version > request.UnwantedVersion && WithAge(found).FreshLeft > TimeSpan.Zero)
            {
                return new LeaseResult(LeaseOutcome.Value, TimeSpan.Zero, 0, new StoreReading(WithAge(found)));
            }

            var now = _time.GetUtcNow();
            if (FindLease(request.Key) is { } held && held.Nonce != request.Nonce)
            {
                return new LeaseResult(LeaseOutcome.Held, held.Until - now, 0, default);
            }

            _leases[request.Key] = new InMemoryLease(request.Nonce, now + request.Duration);
            return new LeaseResult(LeaseOutcome.Granted, request.Duration, NextVersion(), default);
        }
    }

    internal bool Renew(string key, string nonce, TimeSpan duration)
    {
        lock (_lock)
        {
            if (FindLease(key)?.Nonce != nonce) return false;
            _leases[key] = new InMemoryLease(nonce, _time.GetUtcNow() + duration);
            return true;
        }
    }

    internal void Release(string sender, string key, string nonce)
    {
        lock (_lock)
        {
            if (FindLease(key)?.Nonce != nonce) return;
            _leases.Remove(key);
            _messages.Enqueue(sender, StoreMessageKind.LeaseReleased, key, 0);
        }

        _messages.Deliver();
    }

    internal bool Touch(string sender, string key, TimeSpan lifetime)
    {
        lock (_lock)
        {
            if (Find(key) is not { } found || WithAge(found).FreshLeft <= TimeSpan.Zero) return false;
            var age = _time.GetUtcNow() - found.MadeAt;
            var version = NextVersion();
            _entries[key] = found with { Entry = found.Entry with { Lifetime = age + lifetime, Version = version } };
            _messages.Enqueue(sender, StoreMessageKind.Set, key, version); // a shorter life is a change that first layers must follow
        }

        _messages.Deliver();
        return true;
    }

    internal string[] Keys(Func<string, bool> matches)
    {
        lock (_lock) return [.. _entries.Keys.Where(key => matches(key) && Find(key) is not null).Order(StringComparer.Ordinal)];
    }

    internal void Heartbeat(string sender)
    {
        lock (_lock) _messages.Heartbeat(sender);
        _messages.Deliver();
    }

    internal void Add(InMemoryInbox inbox)
    {
        lock (_lock) _messages.Add(inbox);
    }

    internal void Remove(InMemoryInbox inbox)
    {
        lock (_lock) _messages.Remove(inbox);
    }

    /// <summary>Lets go of what nobody reads any more: entries and leases past their end, and removals too old for a failover.</summary>
    private void Sweep(DateTimeOffset now)
    {
        foreach (var key in _entries.Keys.ToArray()) Find(key);
        foreach (var key in _leases.Keys.ToArray()) FindLease(key);
        _history.Sweep(now);
    }

    private InMemoryEntry? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return null;
        var stored = WithAge(entry);
        if ((KeepsStale ? stored.StaleLeft : stored.FreshLeft) > TimeSpan.Zero) return entry;
        _entries.Remove(key);
        return null;
    }

    private InMemoryLease? FindLease(string key)
    {
        if (!_leases.TryGetValue(key, out var lease)) return null;
        if (lease.Until > _time.GetUtcNow()) return lease;
        _leases.Remove(key);
        return null;
    }

    private StoredEntry WithAge(InMemoryEntry entry) => entry.Entry with { Age = _time.GetUtcNow() - entry.MadeAt };

    // One step of history is kept, so that a failover can be played: a longer one would keep everything for ever.
    private static InMemoryEntry? Bare(InMemoryEntry? entry) => entry is null ? null : entry with { Before = null };

    private long NextVersion() => _version = Math.Max(_version + 1, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10);

    private long NewGeneration()
    {
        long generation;
        do
        {
            generation = _random.NextInt64(long.MinValue, long.MaxValue);
        }
        while (generation == 0);
        return generation;
    }
}

/// <summary>An entry as the server keeps it.</summary>
internal sealed record InMemoryEntry(StoredEntry Entry, DateTimeOffset MadeAt, DateTimeOffset WrittenAt, InMemoryEntry? Before);

/// <summary>A lease as the server keeps it.</summary>
internal sealed record InMemoryLease(string Nonce, DateTimeOffset Until);
