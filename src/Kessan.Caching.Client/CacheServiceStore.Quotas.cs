using System.Globalization;
using System.Net;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client;

public sealed partial class CacheServiceStore
{
    // The most that one request may charge; a node that hands in what it counted alone may have more.
    private const long HighestCost = 1_000_000;

    /// <inheritdoc/>
    public async ValueTask<QuotaReading> ChargeAsync(QuotaCharge charge, CancellationToken cancellationToken)
    {
        var reading = default(QuotaReading);
        var part = 0;
        for (var left = charge.Cost; left > 0; left -= HighestCost, part++)
        {
            var nonce = charge.Nonce is null || part == 0 ? charge.Nonce : string.Create(CultureInfo.InvariantCulture, $"{charge.Nonce}.{part}");
            reading = await ChargeOnceAsync(charge with { Cost = Math.Min(left, HighestCost), Nonce = nonce }, cancellationToken).ConfigureAwait(false);
            if (!reading.IsCharged) return reading;
        }

        return reading;
    }

    /// <inheritdoc/>
    public async ValueTask<QuotaReading> ReadAsync(QuotaCharge quota, CancellationToken cancellationToken)
    {
        CheckUser(quota.User);
        var answer = await _channel.SendAsync(
            ServiceRequests.Quota(HttpMethod.Get, quota.User, QuotaWindows.NameOf(quota.Window), ""),
            ServiceOperation.Quota,
            _channel.Timeout,
            IsOk,
            cancellationToken).ConfigureAwait(false);
        return Read(answer, isCharged: false);
    }

    private async Task<QuotaReading> ChargeOnceAsync(QuotaCharge charge, CancellationToken cancellationToken)
    {
        CheckUser(charge.User);
        // The service has limits of its own; a lower one may be asked for.
        var limit = charge switch
        {
            { IsGranted: true } => "&granted=true",
            { Limit: long.MaxValue } => "",
            _ => FormattableString.Invariant($"&limit={charge.Limit}"),
        };
        var remembered = charge is { Nonce: not null, NonceLifetime: { } lifetime }
            ? FormattableString.Invariant($"&remember={Math.Max(1, (long)Math.Ceiling(lifetime.TotalSeconds))}")
            : "";
        var request = ServiceRequests.Quota(
            HttpMethod.Post, charge.User, QuotaWindows.NameOf(charge.Window), FormattableString.Invariant($"?cost={charge.Cost}{limit}{remembered}"));
        if (charge.Nonce is { } nonce) request.Headers.TryAddWithoutValidation("Idempotency-Key", nonce);
        var answer = await _channel.SendAsync(
            request, ServiceOperation.Quota, _channel.Timeout, static status => status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, cancellationToken)
            .ConfigureAwait(false);
        return Read(answer, isCharged: answer.Status == HttpStatusCode.OK);
    }

    private static void CheckUser(string user)
    {
        if (user is "." or "..") throw Refused("of a user that is a dot segment");
    }

    private static QuotaReading Read(in ServiceAnswer answer, bool isCharged)
    {
        var quota = Read(answer, ServiceJson.Default.QuotaBody, ServiceOperation.Quota);
        if (quota.Local) throw new CacheStoreException("The cache service's store is away: its count is not everybody's.");

        if (quota.Usage is not { } usage) throw new CacheStoreException("The cache service's answer says nothing of the quota.");

        // A window that is not under way is told with its whole length.
        return new QuotaReading(isCharged, usage, usage == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(quota.Reset));
    }
}
