namespace Kessan.Caching.Serialization;

/// <summary>A value is over <c>HybridCacheOptions.MaximumPayloadBytes</c>.</summary>
internal sealed class PayloadTooLargeException(long bytes, long limit, Exception? inner = null)
    : Exception($"The value has {bytes} bytes or more; MaximumPayloadBytes is {limit}.", inner)
{
    public long Bytes => bytes;

    public long Limit => limit;
}
