using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Filling;

/// <summary>
/// What is going on with one key in this process: fills, writes, and what was heard of the key meanwhile. Exists only as long as
/// something is going on, so that the memory is bounded by the work under way.
/// </summary>
/// <remarks>All members are used under <see cref="Lock"/>.</remarks>
internal sealed class KeyActivity
{
    private readonly List<Fill> _joinable = [];
    private TaskCompletionSource? _changed;

    public Lock Lock { get; } = new();

    public int Holders { get; set; }

    public bool IsRetired { get; set; }

    /// <summary>The highest version of a change of the key that was heard of: nothing older goes into L1.</summary>
    public long KnownVersion { get; private set; }

    public IReadOnlyList<Fill> Fills => _joinable;

    public Fill<T>? FindFill<T>(HybridCacheEntryFlags flags)
    {
        foreach (var fill in _joinable)
        {
            if (fill.CanBeJoined(typeof(T), flags)) return (Fill<T>)fill;
        }

        return null;
    }

    public void Add(Fill fill) => _joinable.Add(fill);

    public void Remove(Fill fill) => _joinable.Remove(fill);

    /// <summary>This process itself writes or removes the key: whatever is being fetched is older.</summary>
    public void Supersede()
    {
        foreach (var fill in _joinable) fill.Detach();
        _joinable.Clear();
        Wake();
    }

    /// <summary>Another node changed the key.</summary>
    public void Changed(long version)
    {
        Know(version);
        for (var i = _joinable.Count - 1; i >= 0; i--)
        {
            var fill = _joinable[i];
            switch (fill.Phase)
            {
                case FillPhase.Reading when version != 0:
                    break; // it compares what it reads with KnownVersion
                case FillPhase.Source when version != 0 && version < fill.LeaseVersion:
                    break; // an old message: the change came before the lease
                case FillPhase.Reading or FillPhase.Source:
                    fill.Detach();
                    _joinable.RemoveAt(i);
                    break;
                default:
                    _joinable.RemoveAt(i); // perhaps its own write; whoever comes now reads the store
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
