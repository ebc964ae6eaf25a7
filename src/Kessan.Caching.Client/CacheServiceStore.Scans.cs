using Kessan.Caching.Client.Http;
using Kessan.Caching.Keys;
using Kessan.Caching.Statistics;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client;

public sealed partial class CacheServiceStore
{
    private const string Scans = "v1/entries?pattern=";

    /// <inheritdoc/>
    public async ValueTask<KeyPage> ScanAsync(string pattern, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var address = FormattableString.Invariant($"{Scans}{Uri.EscapeDataString(pattern)}&limit={limit}");
        if (cursor is not null) address += $"&cursor={Uri.EscapeDataString(cursor)}";
        var answer = await _channel.SendAsync(
            ServiceRequests.To(HttpMethod.Get, address), ServiceOperation.Scan, _channel.ScanTimeout, IsOk, cancellationToken).ConfigureAwait(false);
        var page = Read(answer, ServiceJson.Default.KeyPageBody, ServiceOperation.Scan);
        return new KeyPage(page.Keys, page.Cursor);
    }

    /// <inheritdoc/>
    public async ValueTask<long> RemoveByPatternAsync(string pattern, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var started = _time.GetTimestamp();
        var removed = 0L;
        string? cursor = null;
        try
        {
            do
            {
                // One request does as much as the service's own bound allows.
                var left = _channel.ScanTimeout - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero) throw new CacheStoreException($"The cache service removed {removed} entries within {_channel.ScanTimeout.TotalSeconds} s, and there are more.");
                var address = Scans + Uri.EscapeDataString(pattern);
                if (cursor is not null) address += $"&cursor={Uri.EscapeDataString(cursor)}";
                var answer = await _channel.SendAsync(
                    ServiceRequests.To(HttpMethod.Delete, address), ServiceOperation.Scan, left, IsOk, cancellationToken).ConfigureAwait(false);
                var body = Read(answer, ServiceJson.Default.DeletedBody, ServiceOperation.Scan);
                removed += body.Deleted;
                cursor = body.Cursor;
            }
            while (cursor is not null);
            return removed;
        }
        finally
        {
            _recent.Everything(); // it is not known which keys
        }
    }

    /// <summary>As the service counts them, at most once a minute for all who ask; the scope <c>read</c> is enough.</summary>
    public async ValueTask<CacheKeyCounts?> CountKeysAsync(CancellationToken cancellationToken)
    {
        var answer = await _channel.SendAsync(
            ServiceRequests.To(HttpMethod.Get, "v1/statistics"), ServiceOperation.Scan, _channel.ScanTimeout, IsOk, cancellationToken).ConfigureAwait(false);
        var body = Read(answer, ServiceJson.Default.StatisticsBody, ServiceOperation.Scan);
        if (body is not { KeyCounts: { } named, AsOf: { } asOf }) return null;

        // A type that this version does not know counts among the others.
        var counts = new Dictionary<CacheDataType, long>();
        foreach (var (name, count) in named)
        {
            var type = CacheKeys.DataTypeOf(name + ":");
            counts[type] = counts.GetValueOrDefault(type) + count;
        }

        return new CacheKeyCounts(counts, asOf, body.Complete == true);
    }
}
