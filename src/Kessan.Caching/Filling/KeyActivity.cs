using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Filling;

/// <summary>
/// What is going on with one key in this process: fills, writes, and what was heard of the key meanwhile. Exists only as long as
/// something is going on, so that the memory is bounded by the work under way.
/// </summary>
/// <remarks>All members are used under <see cref="Lock"/>, but for <see cref="Holders"/>.</remarks>
internal sealed class KeyActivity
{
    private Fill? _first; // most activities have one fill, or none: no list for that
    private List<Fill>? _others;
    private TaskCompletionSource? _changed;

    public Lock Lock { get; } = new();

    /// <summary>Who is at it; a matter of <see cref="KeyActivities"/> alone.</summary>
    public int Holders { get; set; }

    /// <summary>The highest version of a change of the key that was heard of: nothing older goes into L1.</summary>
    public long KnownVersion { get; private set; }

    public bool HasFills => _first is not null;

    /// <summary>The fills that may be joined, as they are now.</summary>
    public Fill[] Fills() => _first is null ? [] : [_first, .. _others ?? []];

    public Fill<T>? FindFill<T>(HybridCacheEntryFlags flags)
    {
        if (_first is null) return null;
        if (_first.CanBeJoined(typeof(T), flags)) return (Fill<T>)_first;
        return (Fill<T>?)_others?.Find(fill => fill.CanBeJoined(typeof(T), flags));
    }

    /// <summary>An early refresh that is at the source, and so brings a value or a failure.</summary>
    public Fill<T>? FindRefresh<T>(HybridCacheEntryFlags flags)
        => (Fill<T>?)Array.Find(Fills(), fill => fill is { IsRefresh: true, Phase: FillPhase.Source } && fill.IsAlike(typeof(T), flags));

    public void Add(Fill fill)
    {
        if (_first is null) _first = fill;
        else (_others ??= []).Add(fill);
    }

    public void Remove(Fill fill)
    {
        if (_first != fill)
        {
            _others?.Remove(fill);
            return;
        }

        _first = null;
        if (_others is not { Count: > 0 }) return;
        _first = _others[0];
        _others.RemoveAt(0);
    }

    /// <summary>This process itself writes or removes the key: whatever is being fetched is older.</summary>
    public void Supersede()
    {
        foreach (var fill in Fills()) fill.Detach();
        _first = null;
        _others = null;
        Wake();
    }

    /// <summary>Another node changed the key.</summary>
    public void Changed(long version)
    {
        Know(version);
        foreach (var fill in Fills())
        {
            switch (fill.Phase)
            {
                case FillPhase.Reading when version != 0:
                    break; // it compares what it reads with KnownVersion
                case FillPhase.Source when version != 0 && version < fill.LeaseVersion:
                    break; // an old message: the change came before the lease
                case FillPhase.Reading or FillPhase.Source:
                    fill.Detach();
                    Remove(fill);
                    break;
                default:
                    Remove(fill); // perhaps its own write; whoever comes now reads the store
                    break;
            }
        }

        Wake();
    }

    public void Know(long version) => KnownVersion = Math.Max(KnownVersion, version);

    /// <summary>Completes when something happens to the key; to be taken before the store is asked.</summary>
    public Task NextChange() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Wake()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
