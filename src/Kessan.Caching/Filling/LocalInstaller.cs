using Kessan.Caching.Local;
using Kessan.Caching.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Tags;
using Kessan.Caching.Telemetry;
using Kessan.Caching.Timing;

namespace Kessan.Caching.Filling;

/// <summary>The step "into L1": makes an L1 entry of a stored one, and puts it in if nothing newer is known.</summary>
internal sealed class LocalInstaller(CacheNode node)
{
    // Beyond ten times δβ before the end the chance of an early refresh is under 1 in 20,000: not worth a draw.
    private const double RefreshHorizon = 10;

    /// <summary>The value and the L1 entry of a stored entry; <see langword="null"/>: it cannot be read as this type, which counts as a miss.</summary>
    public (T Value, LocalEntry Local)? Decode<T>(StoredEntry entry, EntryPlan plan, TagStamp[] stamps, int epoch, string key)
    {
        try
        {
            if (typeof(T) == typeof(StoredEntry))
            {
                var raw = Make<T>(key, default, entry, plan, stamps, epoch, keepPayload: true);
                return ((T)(object)entry, raw);
            }

            var plain = PayloadCompression.Decompress(entry, node.Values.MaximumPayloadBytes);
            var isNull = (plain.Traits & StoredEntryTraits.Null) != 0;
            if (isNull && default(T) is not null) return null;
            var value = isNull ? default! : node.Values.Deserialize<T>(plain);
            return (value, Make(key, value, plain, plan, stamps, epoch, keepPayload: !ImmutableTypes<T>.IsImmutable));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // whatever a serializer throws, the entry is no good
        {
            Log.DeserializationFailed(node.Logger, typeof(T).Name, failure.GetType().Name);
            Log.SerializerFailed(node.Logger, failure);
            return null;
        }
    }

    /// <summary>An L1 entry; <paramref name="entry"/> gives the times.</summary>
    public LocalEntry Make<T>(
        string key, T? value, StoredEntry entry, EntryPlan plan, TagStamp[] stamps, int epoch, bool keepPayload, bool isUnleased = false)
    {
        var now = node.Clock.Now;
        var lifeEnd = CacheClock.Add(now, entry.FreshLeft);
        var freshUntil = Math.Min(lifeEnd, CacheClock.Add(now, plan.LocalExpiration));
        var scale = entry.SourceCost.TotalMilliseconds * plan.RefreshBeta;
        var refreshFrom = Math.Min(freshUntil, (long)(lifeEnd - RefreshHorizon * scale));
        var staleUntil = Math.Max(freshUntil, CacheClock.Add(now, entry.StaleLeft));
        var madeAt = CacheClock.Add(now, -entry.Age);
        var size = LocalCache.BookkeepingBytes + key.Length * sizeof(char) + entry.Payload.Length;
        return keepPayload
            ? new LocalPayload
            {
                Stored = entry,
                MadeAt = madeAt,
                RefreshFrom = refreshFrom,
                FreshUntil = freshUntil,
                LifeEnd = lifeEnd,
                StaleUntil = staleUntil,
                Version = entry.Version,
                RefreshScale = scale,
                Tags = stamps,
                DataType = plan.DataType,
                Size = size,
                IsUnleased = isUnleased,
                IsLocalOnly = plan.IsLocalOnly,
                Epoch = epoch,
            }
            : new LocalValue<T>
            {
                Value = value!,
                MadeAt = madeAt,
                RefreshFrom = refreshFrom,
                FreshUntil = freshUntil,
                LifeEnd = lifeEnd,
                StaleUntil = staleUntil,
                Version = entry.Version,
                RefreshScale = scale,
                Tags = stamps,
                DataType = plan.DataType,
                Size = size,
                IsUnleased = isUnleased,
                IsLocalOnly = plan.IsLocalOnly,
                Epoch = epoch,
            };
    }

    /// <summary>
    /// Puts the entry into L1, unless a newer change of the key is known. False: the value is older than what this node has heard of and
    /// must not be given to anybody who came after that.
    /// </summary>
    /// <param name="fill">The fill that has it.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="isFromStore">Read, not made: then a tag that was invalidated meanwhile makes it worthless too.</param>
    public bool Install(Fill fill, LocalEntry entry, bool isFromStore = false)
    {
        var activity = fill.Activity;
        lock (activity.Lock)
        {
            if (fill.IsDetached)
            {
                activity.Remove(fill);
                return true; // for those who wait already, and not for L1
            }

            if (entry.Version != 0 && entry.Version < activity.KnownVersion) return false;
            if (isFromStore && !TagStamp.AllCurrent(entry.Tags)) return false;
            activity.Remove(fill); // whoever comes now finds it in L1, or begins anew
            if (fill.Plan.WritesL1 && (entry.Version != 0 || activity.KnownVersion == 0))
            {
                node.Local.Put(fill.Key, entry);
            }

            return true;
        }
    }

    public CacheLookup<T> Lookup<T>(LocalEntry entry, T value, CacheLayer layer, bool isStale, bool isUnverified = false)
    {
        var now = node.Clock.Now;
        return new CacheLookup<T>(
            true, value, layer, CacheClock.Between(entry.MadeAt, now), CacheClock.Between(now, entry.LifeEnd), isStale, entry.Version)
        {
            Tags = entry.PublicTags,
            IsUnverified = isUnverified,
        };
    }
}
