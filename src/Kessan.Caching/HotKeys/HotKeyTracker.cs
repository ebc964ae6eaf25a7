using System.Runtime.CompilerServices;
using Kessan.Caching.Keys;
using Kessan.Caching.Timing;

namespace Kessan.Caching.HotKeys;

/// <summary>
/// Finds the keys that are asked for most, in a fixed table: Space-Saving (Metwally, Agrawal and El Abbadi, ICDT 2005) over a sample of the
/// look-ups, with counts that halve every minute (forward decay).
/// </summary>
/// <remarks>
/// A look-up pays for one multiplication; one in 64 is recorded, chosen by hashing the request counter and not by its low bits, so that
/// a list polled in the same order does not make one of its keys look hot. Sessions and quotas are left out: their keys name people. Safe for
/// concurrent use; a record that meets another one is dropped.
/// </remarks>
internal sealed class HotKeyTracker
{
    public const int Capacity = 256;

    /// <summary>From so many look-ups a second a key is hot: some seven samples, which are not there by chance.</summary>
    public const double HotRequestsPerSecond = 5;

    private const int SampleBits = 6;
    private const double SampleRate = 1 << SampleBits;
    private const double HalfLifeMilliseconds = 60_000;
    private const double RescaleAt = 1e100;

    private readonly Lock _lock = new();
    private readonly CacheClock _clock;
    private readonly Dictionary<string, int> _places;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _placesBySpan;
    private readonly string?[] _keys = new string?[Capacity];
    private readonly double[] _counts = new double[Capacity];
    private readonly double[] _errors = new double[Capacity]; // how much of a count may belong to the key's predecessors
    private long _origin;

    public HotKeyTracker(CacheClock clock)
    {
        _clock = clock;
        _origin = clock.Now;
        _places = new Dictionary<string, int>(Capacity, StringComparer.Ordinal);
        _placesBySpan = _places.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether the look-up that got this number is one to record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSample(long number) => (ulong)number * 0x9E3779B97F4A7C15 >> (64 - SampleBits) == 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Record(ReadOnlySpan<char> key, CacheDataType type) => Record(key, null, type);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Record(string key, CacheDataType type) => Record(key, key, type);

    /// <summary>The keys that are asked for most, the first one first.</summary>
    public IReadOnlyList<HotKey> Top(int count)
    {
        lock (_lock)
        {
            var perSecond = PerSecond();
            return [.. Enumerable.Range(0, _places.Count)
                .Select(place => new HotKey(_keys[place]!, CacheKeys.DataTypeOf(_keys[place]), (_counts[place] - _errors[place]) * perSecond))
                .OrderByDescending(key => key.RequestsPerSecond)
                .ThenBy(key => key.Key, StringComparer.Ordinal)
                .Take(count)];
        }
    }

    /// <summary>Whether a key is asked for at least <see cref="HotRequestsPerSecond"/>; one look-up in the table.</summary>
    public bool IsHot(ReadOnlySpan<char> key)
    {
        lock (_lock)
            return _placesBySpan.TryGetValue(key, out var place) && (_counts[place] - _errors[place]) * PerSecond() >= HotRequestsPerSecond;
    }

    private double PerSecond() => SampleRate * Math.Log(2) / (HalfLifeMilliseconds / 1000) / Weight();

    private void Record(ReadOnlySpan<char> key, string? text, CacheDataType type)
    {
        if (type is CacheDataType.UserSession or CacheDataType.ApiQuota || !_lock.TryEnter()) return;
        try
        {
            var weight = Weight();
            if (_placesBySpan.TryGetValue(key, out var place))
            {
                _counts[place] += weight;
                return;
            }

            place = _places.Count < Capacity ? _places.Count : Replace();
            _keys[place] = text ?? key.ToString();
            _places[_keys[place]!] = place;
            _errors[place] = _counts[place];
            _counts[place] += weight;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Takes the place of the key with the lowest count, whose count the next one inherits as its error.</summary>
    private int Replace()
    {
        var place = 0;
        for (var i = 1; i < Capacity; i++)
        {
            if (_counts[i] < _counts[place]) place = i;
        }

        _places.Remove(_keys[place]!);
        return place;
    }

    private double Weight()
    {
        var weight = Math.Pow(2, (_clock.Now - _origin) / HalfLifeMilliseconds);
        if (weight < RescaleAt) return weight;

        for (var i = 0; i < Capacity; i++)
        {
            _counts[i] /= weight;
            _errors[i] /= weight;
        }

        _origin = _clock.Now;
        return 1;
    }
}
