using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Telemetry;

/// <summary>The counts behind <c>kessan.cache.requests</c>: each look-up of a key moves exactly one of them by one.</summary>
internal sealed class RequestCounts
{
    private const int Layers = (int)CacheLayer.Source + 1;
    private const int Outcomes = (int)RequestOutcome.Error + 1;
    private const int Types = 16; // a power of two above the last data type

    private readonly StripedCells _cells = new(Layers * Outcomes * Types);

    /// <returns>A number to draw samples by, see <see cref="HotKeys.HotKeyTracker.IsSample"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Count(CacheLayer layer, RequestOutcome outcome, CacheDataType type) => _cells.Increment(Cell(layer, outcome, type));

    public long Of(CacheLayer layer, RequestOutcome outcome, CacheDataType type) => _cells.Sum(Cell(layer, outcome, type));

    public long Of(CacheLayer layer, RequestOutcome outcome)
    {
        long sum = 0;
        foreach (var type in Enum.GetValues<CacheDataType>()) sum += Of(layer, outcome, type);
        return sum;
    }

    public IEnumerable<Measurement<long>> Measure()
    {
        foreach (var layer in Enum.GetValues<CacheLayer>())
        {
            foreach (var outcome in Enum.GetValues<RequestOutcome>())
            {
                foreach (var type in Enum.GetValues<CacheDataType>())
                {
                    var count = Of(layer, outcome, type);
                    if (count == 0) continue;
                    yield return new Measurement<long>(
                        count, new("layer", MetricTags.Of(layer)), new("outcome", MetricTags.Of(outcome)), new("data_type", MetricTags.Of(type)));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Cell(CacheLayer layer, RequestOutcome outcome, CacheDataType type)
        => ((int)layer * Outcomes + (int)outcome) * Types + (int)type;
}
