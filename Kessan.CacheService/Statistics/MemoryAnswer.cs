namespace Kessan.CacheHost.Statistics;

/// <summary>The memory of the layers and of this process, in bytes. What nobody reports is null.</summary>
internal sealed record MemoryAnswer(LocalMemory L1, RedisMemory Redis, ProcessMemory Process);

/// <summary>The first layer of this replica.</summary>
internal sealed record LocalMemory(long Entries, long SizeBytes, long MaximumBytes);

/// <summary>The second layer, summed over the primaries.</summary>
internal sealed record RedisMemory(long? UsedBytes, long? MaximumBytes, long? Keys);

/// <summary>This process.</summary>
internal sealed record ProcessMemory(long WorkingSetBytes, long HeapBytes);
