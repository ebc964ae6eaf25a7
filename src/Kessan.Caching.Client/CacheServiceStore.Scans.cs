using Kessan.Caching.Client.Http;
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
        try
        {
            var answer = await _channel.SendAsync(
                ServiceRequests.To(HttpMethod.Delete, Scans + Uri.EscapeDataString(pattern)), ServiceOperation.Scan, _channel.ScanTimeout, IsOk, cancellationToken)
                .ConfigureAwait(false);
            return Read(answer, ServiceJson.Default.DeletedBody, ServiceOperation.Scan).Deleted;
        }
        finally
        {
            _recent.Everything(); // it is not known which keys
        }
    }
}
