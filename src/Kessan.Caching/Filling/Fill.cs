using Kessan.Caching.Local;
using Kessan.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Filling;

/// <summary>One run to get a value for a key from beyond L1, shared by all callers that come while it may be joined.</summary>
internal abstract class Fill(string key, EntryPlan plan, KeyActivity activity)
{
    public string Key => key;

    public EntryPlan Plan => plan;

    public KeyActivity Activity => activity;

    /// <summary>The tags' counts before the source, or the store, was asked.</summary>
    public TagStamp[] Stamps { get; set; } = [];

    /// <summary>What L1 held when the fill began, still good as a stale answer or to be confirmed.</summary>
    public LocalEntry? Held { get; set; }

    /// <summary>Do not wait for another node's lease, and do not take what the store has: the value is to be renewed early.</summary>
    public bool IsRefresh { get; init; }

    /// <summary>A stored entry of this version or older is no good.</summary>
    public long UnwantedVersion { get; set; }

    /// <summary>A stored entry is no good, nor an older one. One without a version (another program's) counts as the lowest.</summary>
    public void Unwant(Storage.StoredEntry entry) => UnwantedVersion = Math.Max(UnwantedVersion, Math.Max(1, entry.Version));

    /// <summary>The store did not answer: the fill goes on without it.</summary>
    public bool StoreAway { get; set; }

    /// <summary>The lease, once asked for.</summary>
    public string? Nonce { get; set; }

    public bool HasLease { get; set; }

    /// <summary>The store's clock when the lease was granted: changes before it do not concern the source's value.</summary>
    public long LeaseVersion { get; set; }

    // Guarded by the activity's lock.
    public FillPhase Phase { get; set; }

    /// <summary>The key or a tag was changed while the source ran: the value goes to those who wait already, and nowhere else.</summary>
    public bool IsDetached { get; private set; }

    public abstract Type ValueType { get; }

    /// <summary>An early refresh gives up without a value when another node is at it already.</summary>
    public bool MayComeBackEmpty { get; init; }

    public bool CanBeJoined(Type type, HybridCacheEntryFlags flags) => !MayComeBackEmpty && IsAlike(type, flags);

    /// <summary>What it brings is what a caller with these flags wants.</summary>
    public bool IsAlike(Type type, HybridCacheEntryFlags flags) => type == ValueType && plan.Flags == flags && TagStamp.AllCurrent(Stamps);

    public void Detach() => IsDetached = true;

    /// <summary>It waited for its lease while the key changed, and got it after that: its source has yet to run, and sees the change.</summary>
    public bool IsLeasedLate { get; set; }

    /// <summary>
    /// Whether its value is worth a lease: not if the key changed since. One that was leased late holds it for all who wait, although nobody
    /// can join it here; what changes after that voids the lease in the store.
    /// </summary>
    public bool MayPublish => !IsDetached || IsLeasedLate;
}

/// <summary>A fill of a type.</summary>
internal abstract class Fill<T>(string key, EntryPlan plan, KeyActivity activity) : Fill(key, plan, activity)
{
    public override Type ValueType => typeof(T);

    // Guarded by the activity's lock.
    public TaskCompletionSource<CacheLookup<T>>? Joined { get; private set; }

    /// <summary>What the run gave; it may still go on behind it (a stale value was given meanwhile).</summary>
    public CacheLookup<T>? Result { get; set; }

    /// <summary>How the run failed.</summary>
    public Exception? Failure { get; set; }

    /// <summary>
    /// For callers that join, under the activity's lock: completed after the run, on the thread pool, so that one of them cannot hold up
    /// the others.
    /// </summary>
    public Task<CacheLookup<T>> Join()
    {
        if (Result is { } given) return Task.FromResult(given);
        if (Joined is not null) return Joined.Task;
        Joined = new TaskCompletionSource<CacheLookup<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Failure is { } failure) Joined.SetException(failure);
        return Joined.Task;
    }

    /// <summary>For the caller that began it, if the run is over; <see langword="false"/>: it goes on, or it failed.</summary>
    public bool TryGetResult(out CacheLookup<T> result)
    {
        lock (Activity.Lock)
        {
            result = Result.GetValueOrDefault();
            return Result is not null;
        }
    }

    /// <inheritdoc cref="Join"/>
    public Task<CacheLookup<T>> JoinLocked()
    {
        lock (Activity.Lock) return Join();
    }

    public abstract ValueTask<T> CallSourceAsync(CacheFillContext context, CancellationToken cancellationToken);
}

/// <summary>A fill whose source is a delegate with a state.</summary>
internal sealed class Fill<TState, T>(
    string key,
    EntryPlan plan,
    KeyActivity activity,
    TState state,
    Func<TState, CacheFillContext, CancellationToken, ValueTask<T>> source) : Fill<T>(key, plan, activity)
{
    public override ValueTask<T> CallSourceAsync(CacheFillContext context, CancellationToken cancellationToken)
        => source(state, context, cancellationToken);
}

/// <summary>A fill that is one of many which share a call of their source.</summary>
internal sealed class BatchFill<T>(
    string key,
    EntryPlan plan,
    KeyActivity activity,
    Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> source) : Fill<T>(key, plan, activity)
{
    /// <summary>For a key that another node was filling and did not finish.</summary>
    public override ValueTask<T> CallSourceAsync(CacheFillContext context, CancellationToken cancellationToken)
        => AskForOneAsync(source, context, cancellationToken);

    /// <summary>Asks a source of many for one key.</summary>
    public static async ValueTask<T> AskForOneAsync(
        Func<IReadOnlyList<string>, CacheFillContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> source,
        CacheFillContext context,
        CancellationToken cancellationToken)
    {
        var values = await source([context.Key], context, cancellationToken).ConfigureAwait(false);
        if (values.TryGetValue(context.Key, out var value)) return value;
        context.IsMissing = true;
        return default!;
    }
}
