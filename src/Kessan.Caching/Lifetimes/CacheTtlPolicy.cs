using Kessan.Caching.Calendar;
using Kessan.Caching.HotKeys;
using Kessan.Caching.Keys;
using Microsoft.Extensions.Options;

namespace Kessan.Caching.Lifetimes;

/// <summary>How long entries of each data type live: a documented table, configurable, and with the market calendar on the hour of the market.</summary>
/// <remarks>
/// Immutable and safe for concurrent use. Without the market calendar the same objects are returned every time; with it, a lifetime holds
/// for the moment of the call.
/// </remarks>
public sealed class CacheTtlPolicy
{
    private readonly CacheLifetime[] _byType;
    private readonly CacheLifetime _hourlyQuota;
    private readonly CacheLifetime _minuteQuota;
    private readonly MarketLifetimes? _market;

    /// <summary>Makes a policy, as a test does: <c>new CacheTtlPolicy()</c> is the documented table.</summary>
    /// <param name="options">The lifetimes; <see langword="null"/>: the documented ones.</param>
    /// <param name="market">What knows the hours of the market; <see langword="null"/>: the same lifetimes around the clock.</param>
    /// <exception cref="OptionsValidationException">A lifetime makes no sense.</exception>
    public CacheTtlPolicy(CacheLifetimeOptions? options = null, MarketLifetimes? market = null)
    {
        options ??= new CacheLifetimeOptions();
        if (new CacheLifetimeOptionsValidator().Validate(null, options) is { Failed: true } invalid)
            throw new OptionsValidationException(nameof(CacheLifetimeOptions), typeof(CacheLifetimeOptions), invalid.Failures);

        _byType = new CacheLifetime[Enum.GetValues<CacheDataType>().Length];
        foreach (var (type, lifetime) in options.All()) _byType[(int)type] = Lifetime(type, lifetime);
        _hourlyQuota = _byType[(int)CacheDataType.ApiQuota] with { Fresh = TimeSpan.FromHours(1) };
        _minuteQuota = _byType[(int)CacheDataType.ApiQuota] with { Fresh = TimeSpan.FromMinutes(1) };
        _market = market;
    }

    /// <summary>The lifetime of a data type, now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such data type.</exception>
    public CacheLifetime For(CacheDataType type)
    {
        if ((uint)type >= (uint)_byType.Length) throw new ArgumentOutOfRangeException(nameof(type), type, "No such data type.");
        return For(type, [], null);
    }

    /// <summary>The lifetime that a key's prefix means, now; for quotas the window that the key names.</summary>
    /// <returns><see langword="null"/> for a key without a known prefix.</returns>
    public CacheLifetime? ForKey(ReadOnlySpan<char> key) => ForKey(key, null);

    /// <summary>The same on a node that knows which keys are hot.</summary>
    internal CacheLifetime? ForKey(ReadOnlySpan<char> key, HotKeyTracker? hotKeys) => CacheKeys.DataTypeOf(key) switch
    {
        CacheDataType.Other => null,
        CacheDataType.ApiQuota => CacheKeys.PartOf(key, 2) switch
        {
            "hourly" => _hourlyQuota,
            "minute" => _minuteQuota,
            _ => _byType[(int)CacheDataType.ApiQuota],
        },
        var type => For(type, key, hotKeys),
    };

    /// <summary>Whether entries of this type may stand in L1; the answer of the prefix, in every layer and whatever a call says.</summary>
    internal static bool IsKeptLocally(CacheDataType type) => type is not (CacheDataType.UserSession or CacheDataType.ApiQuota);

    private CacheLifetime For(CacheDataType type, ReadOnlySpan<char> key, HotKeyTracker? hotKeys)
        => _market is null ? _byType[(int)type] : _market.Adapt(type, _byType[(int)type], key, hotKeys);

    private static CacheLifetime Lifetime(CacheDataType type, DataTypeLifetimeOptions options) => new()
    {
        Fresh = options.Fresh,
        Local = options.Local,
        StaleWindow = options.StaleWindow,
        Negative = options.Negative,
        Jitter = options.Jitter,
        Sliding = type == CacheDataType.UserSession,
        SlideLimit = options.SlideLimit,
        NoLocalCache = !IsKeptLocally(type),
    };
}
