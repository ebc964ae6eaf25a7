namespace Kessan.Caching.Redis.Scripts;

/// <summary>
/// Steps that act on a key only if it has no end of life at that very moment: the key may have been made anew since it was looked at. See
/// <see cref="StoreScripts"/> for the rules.
/// </summary>
internal static class EndlessKeyScripts
{
    /// <summary>KEYS a key. Gives 1 if it was there, had no end of life and is gone.</summary>
    public static RedisScript Remove { get; } = new("endless_remove", """
        if redis.call('PTTL', KEYS[1]) ~= -1 then return 0 end
        return redis.call('DEL', KEYS[1])
        """);

    /// <summary>KEYS a key; ARGV ms. Gives 1 if it was there, had no end of life and now has one.</summary>
    public static RedisScript End { get; } = new("endless_end", """
        if redis.call('PTTL', KEYS[1]) ~= -1 then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[1])
        """);
}
