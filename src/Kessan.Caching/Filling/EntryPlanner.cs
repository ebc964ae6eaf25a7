using Kessan.Caching.HotKeys;
using Kessan.Caching.Keys;
using Kessan.Caching.Lifetimes;
using Kessan.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace Kessan.Caching.Filling;

/// <summary>
/// Decides about an entry: what the call says comes first, then what its data type or the key's prefix says (<see cref="CacheTtlPolicy"/>), then
/// <c>HybridCacheOptions.DefaultEntryOptions</c>, then five minutes.
/// </summary>
internal sealed class EntryPlanner(HybridCacheOptions hybrid, KessanCacheOptions options, CacheTtlPolicy policy, Random random, HotKeyTracker hotKeys)
{
    private static readonly TimeSpan FallbackExpiration = TimeSpan.FromMinutes(5);
    private static readonly string[] WildcardOnly = [TagTable.Wildcard];

    /// <summary>The flags of a call that says nothing about them.</summary>
    public HybridCacheEntryFlags DefaultFlags { get; } = hybrid.DefaultEntryOptions?.Flags ?? HybridCacheEntryFlags.None;

    /// <summary>What this node is asked for most.</summary>
    public HotKeyTracker HotKeys => hotKeys;

    private readonly bool _compresses = !hybrid.DisableCompression;
    private volatile LastPlan? _last;

    public EntryPlan Plan(string key, CacheEntryOptions? call, IEnumerable<string>? tags)
    {
        var rule = policy.ForKey(key, hotKeys);

        // Nothing else of the key goes into a plan without tags of its own: the keys of a batch share one, and the calls of one place.
        if (tags is not null || call is { DataType: not null } || rule is { Jitter: > 0 } || CacheKeys.TagOf(key) is not null) return Make(key, call, rule, tags);
        if (_last is { } last && ReferenceEquals(last.Call, call) && ReferenceEquals(last.Rule, rule)) return last.Plan;
        var plan = Make(key, call, rule, null);
        _last = new LastPlan(call, rule, plan);
        return plan;
    }

    public double Draw()
    {
        lock (random) return random.NextDouble();
    }

    private EntryPlan Make(string key, CacheEntryOptions? call, CacheLifetime? rule, IEnumerable<string>? tags)
    {
        var lifetime = call?.DataType is { } named && named != CacheKeys.DataTypeOf(key) ? policy.For(named) : rule;
        var expiration = call?.Expiration ?? lifetime?.Fresh ?? hybrid.DefaultEntryOptions?.Expiration ?? FallbackExpiration;
        var local = Local(call, lifetime);
        if (call?.Expiration is null && lifetime is { Jitter: > 0 }) expiration = lifetime.FreshWithJitter(Draw());

        var flags = call?.Flags ?? DefaultFlags;
        if (!_compresses) flags |= HybridCacheEntryFlags.DisableCompression;
        return new EntryPlan
        {
            Expiration = expiration,
            LocalExpiration = local,
            StaleWindow = call?.StaleWindow ?? lifetime?.StaleWindow ?? options.DefaultStaleWindow,
            NegativeExpiration = call?.NegativeExpiration ?? lifetime?.Negative ?? TimeSpan.Zero,
            FailureExpiration = call?.FailureExpiration ?? TimeSpan.Zero,
            SourceSoftTimeout = call?.SourceSoftTimeout ?? options.SourceSoftTimeout,
            FillDeadline = call?.FillDeadline ?? options.FillDeadline,
            RefreshBeta = call?.RefreshBeta ?? options.RefreshBeta,
            Flags = flags,
            DataType = CacheKeys.DataTypeOf(key),
            NoLocalCache = rule?.NoLocalCache ?? false,
            Slide = rule is { Sliding: true } ? expiration : null,
            SlideLimit = rule?.SlideLimit,
            Tags = AllTags(key, tags),
        };
    }

    /// <summary>The longest stay in L1; without a word about it as long as the entry's own life.</summary>
    private TimeSpan Local(CacheEntryOptions? call, CacheLifetime? rule)
    {
        // As Microsoft's: an Expiration without a LocalCacheExpiration speaks for both.
        if (call is { Expiration: not null } or { LocalCacheExpiration: not null }) return call.LocalCacheExpiration ?? TimeSpan.MaxValue;
        if (rule is not null) return rule.Local ?? TimeSpan.MaxValue;
        return hybrid.DefaultEntryOptions?.LocalCacheExpiration ?? hybrid.DefaultEntryOptions?.Expiration ?? TimeSpan.MaxValue;
    }

    /// <summary>A plan, and all that it was made of.</summary>
    private sealed record LastPlan(CacheEntryOptions? Call, CacheLifetime? Rule, EntryPlan Plan);

    private static IReadOnlyList<string> AllTags(string key, IEnumerable<string>? tags)
    {
        var derived = CacheKeys.TagOf(key);
        if (derived is null && tags is null) return WildcardOnly;
        List<string> all = [TagTable.Wildcard];
        if (derived is not null) all.Add(derived);
        foreach (var tag in tags ?? [])
        {
            TagRules.CheckEntryTag(tag);
            if (!all.Contains(tag)) all.Add(tag);
        }

        if (all.Count > byte.MaxValue) throw new ArgumentException($"An entry has at most 254 tags, not {all.Count - 1}.", nameof(tags));
        return all;
    }
}
