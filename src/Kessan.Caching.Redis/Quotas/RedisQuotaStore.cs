using System.Security.Cryptography;
using System.Text;
using Kessan.Caching.Quotas;
using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Quotas;

/// <summary>Quotas as plain counters whose end is that of their window. Safe for concurrent use.</summary>
/// <remarks>The counter stands under the quota's key, as a number that any Redis client can read.</remarks>
internal sealed class RedisQuotaStore(RedisConnection connection) : IQuotaStore
{
    public ValueTask<QuotaReading> ChargeAsync(QuotaCharge charge, CancellationToken cancellationToken) => RunAsync(
        charge,
        QuotaScripts.Charge,
        [
            charge.Cost, charge.Limit, Milliseconds(charge.Length), NameOf(charge.Nonce), Milliseconds(charge.NonceLifetime ?? charge.Length),
            QuotaCharge.MostNames,
        ],
        cancellationToken);

    public ValueTask<QuotaReading> ReadAsync(QuotaCharge quota, CancellationToken cancellationToken) => RunAsync(
        quota, QuotaScripts.Read, [], cancellationToken);

    private async ValueTask<QuotaReading> RunAsync(
        QuotaCharge quota, RedisScript script, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var link = connection.Link ?? await connection.GetLinkAsync(cancellationToken).ConfigureAwait(false);
        var counter = link.Names.Entry(quota.Key);
        using var activity = RedisTelemetry.Start("EVALSHA", link, link.ShardOf(counter), script.Name);
        try
        {
            RedisKey[] names = script == QuotaScripts.Charge ? [counter, link.Names.Quota(counter)] : [counter];
            var result = await ScriptRunner.RunAsync(link, script, names, arguments).WaitAsync(cancellationToken).ConfigureAwait(false);
            return new QuotaReading((long)result[0] == 1, (long)result[1], TimeSpan.FromMilliseconds(Math.Max(0, (long)result[2])));
        }
        catch (Exception failure) when (RedisFailures.IsFailure(failure, cancellationToken))
        {
            activity.Fail(failure);
            throw RedisFailures.Wrap(failure, script.Name);
        }
    }

    private static long Milliseconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalMilliseconds));

    /// <summary>
    /// 64 bits of the name's hash: a window may remember a hundred thousand of them, of which two are then alike in one case out of
    /// billions.
    /// </summary>
    private static RedisValue NameOf(string? nonce)
        => nonce is null ? "" : SHA256.HashData(Encoding.UTF8.GetBytes(nonce)).AsMemory(0, 8);
}
