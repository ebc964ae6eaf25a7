namespace Kessan.Caching.Redis.Scripts;

/// <summary>The steps of a quota; see <see cref="StoreScripts"/> for the rules.</summary>
internal static class QuotaScripts
{
    /// <summary>
    /// KEYS counter, names; ARGV cost, limit, window in ms, name of the charge or nothing, for how many ms it is remembered, how many
    /// names there may be. Gives {charged, usage, left in ms}. A refused charge leaves everything alone and opens no window.
    /// </summary>
    /// <remarks>The names are a sorted set by when they end, in ms since the window began.</remarks>
    public static RedisScript Charge { get; } = new("quota_charge", """
        local cost = tonumber(ARGV[1])
        local limit = tonumber(ARGV[2])
        local text = redis.call('GET', KEYS[1])
        if not text and cost > limit then return {0, 0, 0} end
        if not text then redis.call('UNLINK', KEYS[2]) end
        local usage = tonumber(text or '0') or 0
        local left = text and redis.call('PTTL', KEYS[1]) or tonumber(ARGV[3])
        if left <= 0 then left = tonumber(ARGV[3]) end
        local now = tonumber(ARGV[3]) - left
        local known = ARGV[4] ~= '' and redis.call('ZSCORE', KEYS[2], ARGV[4])
        if known and tonumber(known) > now then return {1, usage, left} end
        if usage + cost > limit then return {0, usage, left} end
        usage = usage + cost
        redis.call('SET', KEYS[1], string.format('%.0f', usage), 'PX', string.format('%.0f', left))
        if ARGV[4] ~= '' then
          redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))
          redis.call('ZREMRANGEBYRANK', KEYS[2], 0, '-' .. ARGV[6])
          redis.call('ZADD', KEYS[2], string.format('%.0f', math.min(now + tonumber(ARGV[5]), now + left)), ARGV[4])
          redis.call('PEXPIRE', KEYS[2], string.format('%.0f', left))
        end
        return {1, usage, left}
        """);

    /// <summary>KEYS counter. Gives {0, usage, left in ms}.</summary>
    public static RedisScript Read { get; } = new("quota_read", """
        local text = redis.call('GET', KEYS[1])
        if not text then return {0, 0, 0} end
        return {0, tonumber(text) or 0, redis.call('PTTL', KEYS[1])}
        """);
}
