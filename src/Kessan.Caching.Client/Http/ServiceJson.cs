using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kessan.Caching.Client.Http;

/// <summary>The JSON bodies of the service's API, as far as this client sends and reads them.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(KeysBody))]
[JsonSerializable(typeof(TagsBody))]
[JsonSerializable(typeof(GenerationsBody))]
[JsonSerializable(typeof(DeletedBody))]
[JsonSerializable(typeof(KeyPageBody))]
[JsonSerializable(typeof(LeasesBody))]
[JsonSerializable(typeof(LeaseBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(QuotaBody))]
[JsonSerializable(typeof(StatisticsBody))]
internal sealed partial class ServiceJson : JsonSerializerContext;

internal sealed record KeysBody(IEnumerable<string> Keys);

internal sealed record TagsBody(IEnumerable<string> Tags);

internal sealed record GenerationsBody(
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString)] long[] Generations);

internal sealed record DeletedBody(long Deleted, string? Cursor = null);

internal sealed record StatisticsBody(IReadOnlyDictionary<string, long>? KeyCounts, DateTimeOffset? AsOf, bool? Complete);

internal sealed record KeyPageBody(string[] Keys, string? Cursor);

internal sealed record LeasesBody(IEnumerable<LeaseItemBody> Leases);

internal sealed record LeaseItemBody(string Key, string Nonce, double Duration, long UnwantedVersion);

internal sealed record LeaseBody(double ExpiresIn, long Version);

internal sealed record QuotaBody(long? Usage, long? Limit, double Reset, bool Local = false);

internal sealed record EventBody(string? Key = null, string? Tag = null, string? Change = null, string? Reason = null, long Version = 0);
