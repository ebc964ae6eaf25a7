using System.Collections.Concurrent;

namespace Kessan.Caching.Filling;

/// <summary>The keys with which something is going on. Safe for concurrent use.</summary>
internal sealed class KeyActivities
{
    private readonly ConcurrentDictionary<string, KeyActivity> _activities = new(StringComparer.Ordinal);

    public int Count => _activities.Count;

    /// <summary>All that is going on, for changes that concern many keys.</summary>
    public IEnumerable<KeyActivity> All => _activities.Values;

    /// <summary>Joins or begins the key's activity; ends with <see cref="Leave"/>.</summary>
    public KeyActivity Enter(string key)
    {
        while (true)
        {
            var activity = _activities.GetOrAdd(key, static _ => new KeyActivity());
            lock (activity.Lock)
            {
                if (activity.IsRetired) continue;
                activity.Holders++;
                return activity;
            }
        }
    }

    public void Leave(string key, KeyActivity activity)
    {
        lock (activity.Lock)
        {
            if (--activity.Holders > 0) return;
            activity.IsRetired = true;
            _activities.TryRemove(new KeyValuePair<string, KeyActivity>(key, activity));
        }
    }

    public KeyActivity? Find(string key) => _activities.GetValueOrDefault(key);
}
