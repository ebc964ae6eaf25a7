using Kessan.Caching.Redis.Connections;
using Kessan.Caching.Redis.Scripts;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Backplane;

/// <summary>Looks whether a primary is still the same server, and brings it the scripts if it is not.</summary>
internal sealed class IdentityCheck(RedisBackplane backplane)
{
    /// <summary>A server that was restarted, or stands behind the same address after a failover, has another run id.</summary>
    public async Task CheckAsync(RedisShard shard)
    {
        shard.IsIdentityKnown = false;
        var runId = await ReadRunIdAsync(shard.Server).ConfigureAwait(false);
        if (runId is not null && runId != shard.RunId)
        {
            var isAnother = shard.RunId is not null;
            shard.RunId = runId;
            shard.HasScripts = false;
            if (isAnother)
            {
                shard.Clock.Reset();
                backplane.ServerChanged();
            }
        }

        if (!shard.HasScripts)
        {
            await ScriptLoader.LoadAsync(shard.Server).ConfigureAwait(false);
            shard.HasScripts = true;
        }

        shard.IsIdentityKnown = true;
    }

    /// <returns><see langword="null"/>: it does not tell this user.</returns>
    private static async Task<string?> ReadRunIdAsync(IServer server)
    {
        try
        {
            var info = await ServerInfo.ReadAsync(server, "server").ConfigureAwait(false);
            return info.GetValueOrDefault("run_id");
        }
        catch (RedisServerException failure) when (!RedisFailures.IsPassing(failure))
        {
            return null;
        }
    }
}
