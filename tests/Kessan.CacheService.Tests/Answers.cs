using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Kessan.CacheHost.Tests;

/// <summary>Requests and what tests look for in their answers.</summary>
internal static class Answers
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> PutTextAsync(this HttpClient client, string address, string text, string contentType = "text/plain")
        => client.PutAsync(address, new StringContent(text, Encoding.UTF8, contentType), Cancelled);

    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient client, string address, string json)
        => client.PostAsync(address, new StringContent(json, Encoding.UTF8, "application/json"), Cancelled);

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request, Cancelled);
    }

    public static string? Header(this HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
        => await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);

    public static Task<string> TextAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(Cancelled);

    /// <summary>Asserts that the answer is this problem.</summary>
    public static async Task<JsonElement> IsProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string slug)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.JsonAsync();
        Assert.Equal($"urn:kessan:problem:{slug}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotNull(response.Header("Kessan-Node"));
        return problem;
    }
}
