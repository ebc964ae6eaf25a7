using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client.Http;

/// <summary>Makes the requests of the service's API. A key is percent-encoded here, once.</summary>
internal static class ServiceRequests
{
    private static readonly MediaTypeWithQualityHeaderValue AcceptEntry = new(StoredEntryFormat.MediaType);
    private static readonly MediaTypeHeaderValue EntryContent = new(StoredEntryFormat.MediaType);
    private static readonly MediaTypeHeaderValue JsonContent = new("application/json");
    private static readonly CacheControlHeaderValue NoCache = new() { NoCache = true };

    /// <summary>To the row of an entry: that of its session for a session's key.</summary>
    public static HttpRequestMessage Entry(HttpMethod method, string key, string query = "") => SessionKeys.TryGetUser(key, out var user)
        ? ForKey(method, "v1/sessions/", user, query)
        : ForKey(method, "v1/entries/", key, query);

    public static HttpRequestMessage Quota(HttpMethod method, string user, string window, string query)
        => ForKey(method, "v1/quotas/", user, $"/{window}{query}");

    public static HttpRequestMessage Lease(HttpMethod method, string key, string nonce, string query = "")
    {
        var request = ForKey(method, "v1/leases/", key, query);
        request.Headers.Add("Kessan-Lease", nonce);
        return request;
    }

    /// <summary>
    /// A change has content, though it be empty: the client's handler sends a request without any again, up to three times, when the
    /// connection ends before the answer begins, and nobody knows whether it was carried out.
    /// </summary>
    public static HttpRequestMessage To(HttpMethod method, string address) => new(method, new Uri(address, UriKind.Relative))
    {
        Content = method == HttpMethod.Get ? null : new ByteArrayContent([]),
    };

    public static HttpRequestMessage Post<T>(string address, T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = JsonContent;
        return new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = content };
    }

    public static HttpRequestMessage AcceptingEntries(this HttpRequestMessage request, bool noCache = false)
    {
        request.Headers.Accept.Add(AcceptEntry);
        if (noCache) request.Headers.CacheControl = NoCache;
        return request;
    }

    public static HttpRequestMessage WithEntries(this HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = EntryContent;
        return request;
    }

    public static HttpRequestMessage WithCondition(this HttpRequestMessage request, WriteCondition condition)
    {
        switch (condition.Kind)
        {
            case WriteConditionKind.IfAbsent:
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                break;
            case WriteConditionKind.IfVersion:
                request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{condition.Version}\"")));
                break;
            case WriteConditionKind.IfLeaseHeld:
                request.Headers.Add("Kessan-Lease", condition.Nonce);
                break;
            case WriteConditionKind.Always:
            default:
                break;
        }

        return request;
    }

    public static string Milliseconds(TimeSpan time) => Math.Ceiling(time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);

    private static HttpRequestMessage ForKey(HttpMethod method, string row, string key, string query)
        => To(method, $"{row}{Uri.EscapeDataString(key)}{query}");
}
