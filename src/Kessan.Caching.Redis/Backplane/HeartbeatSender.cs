using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using Kessan.Caching.Storage;
using Kessan.Caching.Timing;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>Publishes this node's heartbeats, and before each the numbers that failed operations left. Safe for concurrent use.</summary>
internal sealed class HeartbeatSender(byte[] sender, TimeProvider time, ILogger logger)
{
    private int _canPublish; // 0 not known, 1 yes, -1 no

    /// <summary>Whether this user may publish; <see langword="null"/> while that is not known.</summary>
    public bool? CanPublish => Volatile.Read(ref _canPublish) switch { 0 => null, var known => known > 0 };

    /// <param name="link">The client.</param>
    /// <param name="shard">Whose numbers.</param>
    /// <param name="server">Through which server: another than the shard's own when that is no primary any more.</param>
    /// <returns>Whether this user may; other failures come out as the client throws them, and the numbers wait for the next heartbeat.</returns>
    public async Task<bool> SendAsync(RedisLink link, RedisShard shard, IServer server)
    {
        try
        {
            var voids = Task.WhenAll(shard.TakeVoids().Select(VoidAsync)); // handed over before the heartbeat, and not waited for one by one
            Unobserved.Ignore(voids);
            Task<RedisResult> beat;
            lock (shard.Gate)
            {
                var message = MessageFormat.Encode(StoreMessageKind.Heartbeat, sender, shard.Id, shard.Sequence, time.GetTimestamp());
                beat = server.ExecuteAsync("PUBLISH", [link.Channel, message]);
            }

            await Task.WhenAll(voids, beat).ConfigureAwait(false);
            Volatile.Write(ref _canPublish, 1);
            return true;
        }
        catch (RedisServerException failure) when (RedisFailures.IsForbidden(failure))
        {
            if (Interlocked.Exchange(ref _canPublish, -1) != -1) Log.MayNotPublish(logger, link.Channel);
            return false;
        }

        async Task VoidAsync(long number)
        {
            try
            {
                var message = MessageFormat.Encode(StoreMessageKind.Void, sender, shard.Id, number, 0);
                await server.ExecuteAsync("PUBLISH", [link.Channel, message]).ConfigureAwait(false);
            }
            catch
            {
                shard.AddVoid(number);
                throw;
            }
        }
    }
}
