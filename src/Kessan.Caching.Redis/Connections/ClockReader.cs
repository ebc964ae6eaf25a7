using System.Globalization;

namespace Kessan.Caching.Redis.Connections;

/// <summary>Asks a server for its time.</summary>
internal sealed class ClockReader(TimeProvider time)
{
    /// <summary>Measures the shard's clock once.</summary>
    public async Task MeasureAsync(RedisShard shard)
    {
        var sent = time.GetTimestamp();
        var answer = await shard.Server.ExecuteAsync("TIME", [], RedisLink.Primary).ConfigureAwait(false);
        var received = time.GetTimestamp();
        if (answer.Length < 2) return;
        var seconds = long.Parse((string)answer[0]!, CultureInfo.InvariantCulture);
        var microseconds = long.Parse((string)answer[1]!, CultureInfo.InvariantCulture);
        shard.Clock.Measure(sent, received, (seconds * 1_000_000) + microseconds);
    }
}
