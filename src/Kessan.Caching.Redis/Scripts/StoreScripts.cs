namespace Kessan.Caching.Redis.Scripts;

/// <summary>The steps of the store that must be atomic.</summary>
/// <remarks>
/// Rules for each of them: all keys are declared and lie in one slot; what is published is published before anything is written,
/// because a script is not rolled back and a user who may not publish must not leave a silent write; a script that was given a number
/// of the sequence publishes it in any case, as a void if nothing happened; only functions that Redis 7 and Garnet both have.
/// Garnet (told by its Lua 5.4) lets others read while a script runs, so a node may hear of a change before it can read it: there the
/// same message is published a second time when all is written.
/// </remarks>
internal static class StoreScripts
{
    // Byte positions are those of StoredEntryFormat plus one. Numbers up to 2^53 are exact in Lua; versions stay below until 2255.
    private const string Prelude = """
        local t = redis.call('TIME')
        local now = t[1] * 1000000 + t[2]
        local function number(s, at)
          local n = 0
          for i = at + 7, at, -1 do n = n * 256 + string.byte(s, i) end
          return n
        end
        local function bytes(n)
          local s = ''
          for i = 1, 8 do
            s = s .. string.char(n % 256)
            n = math.floor(n / 256)
          end
          return s
        end
        local function header(key)
          local h = redis.pcall('GETRANGE', key, 0, 47)
          if type(h) ~= 'string' then return '?' end
          return h
        end
        local function version(h)
          if #h < 48 or string.sub(h, 1, 4) ~= 'KES1' then return 0 end
          return tonumber(string.sub(h, 5, 20)) or 0
        end
        local function age(h, v)
          local since = math.ceil((now - v) / 1000)
          if since < 0 then since = 0 end
          return number(h, 25) + since
        end
        local function fresh(h, v) return age(h, v) < number(h, 33) end
        local function publish(channel, kind, head, v, subject)
          local message = string.char(kind) .. head .. string.format('%020.0f', v) .. subject
          redis.call('PUBLISH', channel, message)
          return message
        end
        local function written(channel, message)
          if _VERSION ~= 'Lua 5.1' then redis.call('PUBLISH', channel, message) end
        end

        """;

    /// <summary>
    /// KEYS entry, lease; ARGV message head, channel, subject, entry from byte 20 on, TTL in ms, condition, its argument.
    /// Gives {stored, version}.
    /// </summary>
    public static RedisScript Set { get; } = new("set", Prelude + """
        local h = header(KEYS[1])
        local old = version(h)
        local met = true
        if ARGV[6] == '1' then
          met = (h == '' and redis.call('EXISTS', KEYS[1]) == 0) or (old > 0 and not fresh(h, old))
        elseif ARGV[6] == '2' then
          met = old > 0 and string.sub(h, 5, 20) == ARGV[7]
        elseif ARGV[6] == '3' then
          met = redis.call('GET', KEYS[2]) == ARGV[7]
        end
        if not met then
          publish(ARGV[2], 0, ARGV[1], 0, '')
          return {0, old}
        end
        if old >= now then now = old + 1 end
        local message = publish(ARGV[2], 1, ARGV[1], now, ARGV[3])
        redis.call('SET', KEYS[1], 'KES1' .. string.format('%016.0f', now) .. ARGV[4], 'PX', ARGV[5])
        redis.call('DEL', KEYS[2])
        written(ARGV[2], message)
        return {1, now}
        """);

    /// <summary>KEYS entry, lease; ARGV message head, channel, subject. Gives {existed, version}.</summary>
    public static RedisScript Remove { get; } = new("remove", Prelude + """
        local old = version(header(KEYS[1]))
        if old >= now then now = old + 1 end
        local message = publish(ARGV[2], 2, ARGV[1], now, ARGV[3])
        local existed = redis.call('UNLINK', KEYS[1])
        redis.call('DEL', KEYS[2])
        written(ARGV[2], message)
        return {existed, now}
        """);

    /// <summary>
    /// KEYS tag; ARGV message head, channel, subject, new generation, TTL in s or 0. Gives the version. A server without room takes no SET as a
    /// script's first write, but one after an UNLINK.
    /// </summary>
    public static RedisScript RemoveTag { get; } = new("remove_tag", Prelude + """
        local message = publish(ARGV[2], 3, ARGV[1], now, ARGV[3])
        redis.call('UNLINK', KEYS[1])
        redis.call('SET', KEYS[1], ARGV[4])
        if ARGV[5] ~= '0' then redis.call('EXPIRE', KEYS[1], ARGV[5]) end
        written(ARGV[2], message)
        return now
        """);

    /// <summary>KEYS lease; ARGV message head, channel, subject, nonce. Gives whether it was held.</summary>
    public static RedisScript ReleaseLease { get; } = new("release_lease", Prelude + """
        if redis.call('GET', KEYS[1]) ~= ARGV[4] then
          publish(ARGV[2], 0, ARGV[1], 0, '')
          return 0
        end
        local message = publish(ARGV[2], 4, ARGV[1], now, ARGV[3])
        redis.call('DEL', KEYS[1])
        written(ARGV[2], message)
        return 1
        """);

    /// <summary>
    /// KEYS entry, lease; ARGV nonce, duration in ms, the newest version that is unwanted. Gives {0, version} granted, {1, left in ms} held,
    /// {2, value, left in ms}.
    /// </summary>
    public static RedisScript AcquireLease { get; } = new("acquire_lease", Prelude + """
        local h = header(KEYS[1])
        local v = version(h)
        local unwanted = tonumber(ARGV[3])
        if (v == 0 and h ~= '' and unwanted == 0) or (v > unwanted and fresh(h, v)) then
          local e = redis.pcall('GET', KEYS[1])
          if type(e) == 'string' then return {2, e, redis.call('PTTL', KEYS[1])} end
        end
        local holder = redis.call('GET', KEYS[2])
        if holder and holder ~= ARGV[1] then return {1, redis.call('PTTL', KEYS[2])} end
        redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
        if v >= now then now = v + 1 end
        return {0, now}
        """);

    /// <summary>KEYS lease; ARGV nonce, duration in ms. Gives whether it is still held.</summary>
    public static RedisScript RenewLease { get; } = new("renew_lease", """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """);

    /// <summary>
    /// KEYS entry; ARGV message head, channel, subject, lifetime in ms, 1 to keep the stale window too. Gives {touched, version}: a shorter
    /// life is a change, which the first layers of all nodes must follow.
    /// </summary>
    public static RedisScript Touch { get; } = new("touch", Prelude + """
        local h = header(KEYS[1])
        local v = version(h)
        if (v == 0 and redis.call('EXISTS', KEYS[1]) == 0) or (v > 0 and not fresh(h, v)) then
          publish(ARGV[2], 0, ARGV[1], 0, '')
          return {0, 0}
        end
        local keep = tonumber(ARGV[4])
        local a = 0
        if v > 0 then a = age(h, v) end
        if v >= now then now = v + 1 end
        local message = publish(ARGV[2], 1, ARGV[1], now, ARGV[3])
        if v > 0 then
          redis.call('SETRANGE', KEYS[1], 4, string.format('%016.0f', now) .. string.sub(h, 21, 24) .. bytes(a) .. bytes(a + keep))
          if ARGV[5] == '1' then keep = keep + number(h, 41) end
        end
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', keep))
        written(ARGV[2], message)
        return {1, now}
        """);

    /// <summary>
    /// KEYS entry; ARGV slide in ms, limit from the making in ms or -1, 1 to keep the stale window too. Gives {value, left in ms} or
    /// nothing. A server that takes no writes now (it is full, or cannot save) gives the entry as it is.
    /// </summary>
    public static RedisScript Slide { get; } = new("slide", Prelude + """
        local e = redis.pcall('GET', KEYS[1])
        if type(e) ~= 'string' then return false end
        local v = version(e)
        if v == 0 then return {e, redis.call('PTTL', KEYS[1])} end
        local a = age(e, v)
        local left = number(e, 33) - a
        local slide = tonumber(ARGV[1])
        local limit = tonumber(ARGV[2])
        if limit >= 0 and limit - a < slide then slide = limit - a end
        if left > 0 and slide > left then
          local life = bytes(a + slide)
          if type(redis.pcall('SETRANGE', KEYS[1], 32, life)) ~= 'number' then return {e, 0} end
          if ARGV[3] == '1' then slide = slide + number(e, 41) end
          redis.call('PEXPIRE', KEYS[1], string.format('%.0f', slide))
          e = string.sub(e, 1, 32) .. life .. string.sub(e, 41)
        end
        return {e, 0}
        """);

    /// <summary>KEYS tag; ARGV a generation to use if there is none, TTL in s or 0. Gives the generation.</summary>
    public static RedisScript ReadTag { get; } = new("read_tag", """
        local g = redis.call('GET', KEYS[1])
        if g then return g end
        redis.call('SET', KEYS[1], ARGV[1])
        if ARGV[2] ~= '0' then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
        return ARGV[1]
        """);

    /// <summary>KEYS index; ARGV entry's name, its TTL in ms. Drops what has expired.</summary>
    public static RedisScript AddToIndex { get; } = new("index_add", """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local kept = redis.call('PTTL', KEYS[1])
        local ttl = tonumber(ARGV[2]) + 1000
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now))
        redis.call('ZADD', KEYS[1], string.format('%.0f', now + ttl), ARGV[1])
        if kept < ttl then redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ttl)) end
        return 1
        """);

    /// <summary>KEYS index. Gives its members and empties it.</summary>
    public static RedisScript TakeIndex { get; } = new("index_take", """
        local members = redis.call('ZRANGE', KEYS[1], 0, -1)
        redis.call('UNLINK', KEYS[1])
        return members
        """);

    /// <summary>
    /// KEYS entry; ARGV tag, its new generation as 8 bytes. Removes the entry if it carries the tag with another generation. Gives
    /// {1, 0} removed while fresh, {0, 0} otherwise, {2, left in ms} kept because it is new.
    /// </summary>
    public static RedisScript RemoveTagged { get; } = new("remove_tagged", Prelude + """
        local e = redis.pcall('GETRANGE', KEYS[1], 0, 16383)
        if type(e) ~= 'string' then return {0, 0} end
        local v = version(e)
        if v == 0 or #e < 54 then return {0, 0} end
        local at = 55 + string.byte(e, 53) + 256 * string.byte(e, 54)
        for i = 1, string.byte(e, 22) do
          if #e < at + 9 then return {0, 0} end
          local length = string.byte(e, at + 8) + 256 * string.byte(e, at + 9)
          if string.sub(e, at + 10, at + 9 + length) == ARGV[1] then
            if string.sub(e, at, at + 7) == ARGV[2] then return {2, redis.call('PTTL', KEYS[1])} end
            redis.call('UNLINK', KEYS[1])
            if fresh(e, v) then return {1, 0} end
            return {0, 0}
          end
          at = at + 10 + length
        end
        return {0, 0}
        """);
}
