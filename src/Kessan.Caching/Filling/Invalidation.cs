using Kessan.Caching.Tags;

namespace Kessan.Caching.Filling;

/// <summary>What the invalidation of a tag means in this process, whoever asked for it.</summary>
internal static class Invalidation
{
    /// <summary>
    /// Entries with the tag are no hits from here on, fills that carry it are joined by nobody, and those whose source runs give their
    /// lease back, so that the next caller need not wait for them.
    /// </summary>
    public static void FollowTag(CacheNode node, string tag)
    {
        node.Tags.Find(tag)?.Change();
        List<Fill>? released = null;
        foreach (var activity in node.Activities.All)
        {
            lock (activity.Lock)
            {
                foreach (var fill in activity.Fills())
                {
                    // One that still reads compares the tags itself, and is not joined because its stamps are old.
                    if (fill.Phase == FillPhase.Reading || TagStamp.AllCurrent(fill.Stamps)) continue;
                    activity.Remove(fill);
                    if (fill.Phase != FillPhase.Source) continue;
                    fill.Detach();
                    if (fill.HasLease) (released ??= []).Add(fill);
                }
            }
        }

        foreach (var fill in released ?? []) _ = node.Store!.ReleaseLeaseAsync(fill.Key, fill.Nonce!).AsTask(); // not under a lock: it may call back
    }
}
