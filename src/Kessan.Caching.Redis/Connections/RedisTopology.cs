using Kessan.Caching.Redis.Keys;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Which primary holds which slot, as far as is known now. Immutable.</summary>
internal sealed class RedisTopology
{
    private readonly byte[]? _slots;

    /// <summary>One server, or a primary that sentinels name.</summary>
    public RedisTopology(RedisShard shard) => Primaries = [shard];

    /// <summary>A cluster of at most 255 primaries.</summary>
    /// <param name="primaries">The primaries.</param>
    /// <param name="slots">For each slot the index of its primary; slots that nobody serves count as the first one's.</param>
    public RedisTopology(IReadOnlyList<RedisShard> primaries, byte[] slots)
    {
        Primaries = primaries;
        _slots = slots;
    }

    public IReadOnlyList<RedisShard> Primaries { get; }

    public bool IsCluster => _slots is not null;

    /// <summary>The primary of a key.</summary>
    /// <param name="name">Its name in Redis, prefix included.</param>
    public RedisShard ShardOf(string name) => _slots is null ? Primaries[0] : Primaries[_slots[HashSlot.Of(name)]];

    public bool HasSameShards(RedisTopology other)
        => IsCluster == other.IsCluster && Primaries.SequenceEqual(other.Primaries)
            && (_slots is null || _slots.AsSpan().SequenceEqual(other._slots));
}
