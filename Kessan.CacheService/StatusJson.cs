using System.Text.Json;
using System.Text.Json.Serialization;
using Kessan.CacheHost.Health;
using Kessan.CacheHost.Statistics;

namespace Kessan.CacheHost;

/// <summary>JSON about the service itself: what is not known is there, as null.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(MemoryAnswer))]
[JsonSerializable(typeof(CleanupAnswer))]
[JsonSerializable(typeof(HotKeysAnswer))]
[JsonSerializable(typeof(WarmAnswer))]
internal sealed partial class StatusJson : JsonSerializerContext;
