using System.Text.Json;
using System.Text.Json.Serialization;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.Leases;
using Kessan.CacheHost.Quotas;
using Kessan.CacheHost.Tags;

namespace Kessan.CacheHost;

/// <summary>How JSON looks on the wire: snake_case; what is missing, twice or null where it must not be is an error.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeysRequest))]
[JsonSerializable(typeof(BatchSetRequest))]
[JsonSerializable(typeof(BatchSetAnswer))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(PatternDeletedAnswer))]
[JsonSerializable(typeof(KeyPageAnswer))]
[JsonSerializable(typeof(LeaseAnswer))]
[JsonSerializable(typeof(LeaseBatchRequest))]
[JsonSerializable(typeof(LeaseBatchAnswer))]
[JsonSerializable(typeof(QuotaAnswer))]
[JsonSerializable(typeof(TagsRequest))]
[JsonSerializable(typeof(GenerationsAnswer))]
internal sealed partial class ServiceJson : JsonSerializerContext;
