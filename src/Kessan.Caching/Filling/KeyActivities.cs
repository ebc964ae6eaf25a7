namespace Kessan.Caching.Filling;

/// <summary>The keys with which something is going on. Safe for concurrent use.</summary>
/// <remarks>In stripes, each under a lock of its own: an activity begins and ends with one short lock and leaves no node behind.</remarks>
internal sealed class KeyActivities
{
    private const int Stripes = 64; // a power of two
    private const int RoomKept = 256;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(static _ => new Stripe())];

    /// <summary>All that is going on, for changes that concern many keys.</summary>
    public IReadOnlyList<KeyActivity> All
    {
        get
        {
            var all = new List<KeyActivity>();
            foreach (var stripe in _stripes)
            {
                lock (stripe.Lock) all.AddRange(stripe.Activities.Values);
            }

            return all;
        }
    }

    /// <summary>Joins or begins the key's activity; ends with <see cref="Leave"/>.</summary>
    public KeyActivity Enter(string key)
    {
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            if (!stripe.Activities.TryGetValue(key, out var activity)) stripe.Activities.Add(key, activity = new KeyActivity());
            activity.Holders++;
            return activity;
        }
    }

    public void Leave(string key, KeyActivity activity)
    {
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            if (--activity.Holders > 0) return;
            if (!ReferenceEquals(stripe.Activities.GetValueOrDefault(key), activity)) return;
            stripe.Activities.Remove(key);
            if (stripe.Activities is { Count: 0, Capacity: > RoomKept }) stripe.Activities.TrimExcess(RoomKept); // a burst is over
        }
    }

    public KeyActivity? Find(string key)
    {
        var stripe = StripeOf(key);
        lock (stripe.Lock) return stripe.Activities.GetValueOrDefault(key);
    }

    private Stripe StripeOf(string key) => _stripes[string.GetHashCode(key) & (Stripes - 1)];

    private sealed class Stripe
    {
        public Lock Lock { get; } = new();

        public Dictionary<string, KeyActivity> Activities { get; } = new(StringComparer.Ordinal);
    }
}
