using System.Text.Json;

namespace Kessan.CacheHost.Tests.OpenApi;

/// <summary>The service's own description, to hold its answers against.</summary>
internal sealed class DocumentedApi
{
    private static readonly Lazy<Task<DocumentedApi>> Shared = new(LoadAsync);

    // What every answer has, or the server adds by itself.
    private static readonly HashSet<string> Untold = new(StringComparer.OrdinalIgnoreCase) { "Date", "Transfer-Encoding", "Connection", "Cache-Control", "Pragma", "Expires" };

    private readonly List<(string[] Template, JsonElement Path)> _paths;
    private readonly DocumentedNames _names;

    private DocumentedApi(JsonElement document)
    {
        Document = document;
        _names = new DocumentedNames(document);

        // Literal segments before named ones, as routing has it.
        _paths = [.. document.GetProperty("paths").EnumerateObject()
            .Select(path => (path.Name.Trim('/').Split('/'), path.Value))
            .OrderByDescending(path => path.Item1.Count(segment => !segment.StartsWith('{')))];
    }

    public JsonElement Document { get; }

    public static Task<DocumentedApi> GetAsync() => Shared.Value;

    /// <summary>Fails if the description does not know of an answer.</summary>
    public async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        var path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        if (path[0] != "v1" || response.StatusCode is System.Net.HttpStatusCode.MethodNotAllowed) return;
        if (Find(path, request.Method.Method.ToLowerInvariant()) is not { } operation)
        {
            Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
            return;
        }

        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(
            operation.GetProperty("responses").TryGetProperty(status, out var documented),
            $"{request.Method} {string.Join('/', path)} answered {status}, of which the description knows nothing.");

        foreach (var (header, _) in response.Headers)
        {
            Assert.True(
                Untold.Contains(header) || documented.GetProperty("headers").EnumerateObject().Any(known => known.Name.Equals(header, StringComparison.OrdinalIgnoreCase)),
                $"{request.Method} {string.Join('/', path)} answered {status} with {header}, of which the description knows nothing.");
        }

        var contentType = response.Content.Headers.ContentType?.MediaType;
        if (contentType is null || request.Method == HttpMethod.Head) return;
        Assert.True(
            documented.TryGetProperty("content", out var content)
                && content.EnumerateObject().Any(known => known.Name == "*/*" || known.Name == contentType),
            $"{request.Method} {string.Join('/', path)} answered {status} with {contentType}, of which the description knows nothing.");
        if (!content.TryGetProperty(contentType, out var described) || !contentType.EndsWith("json", StringComparison.Ordinal)) return;

        await response.Content.LoadIntoBufferAsync();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        _names.Check(body.RootElement, described.GetProperty("schema"), $"{request.Method} {string.Join('/', path)} answered {status} with");
        if (contentType != "application/problem+json") return;

        var type = body.RootElement.GetProperty("type").GetString();
        Assert.True(
            content.GetProperty(contentType).GetProperty("schema").GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray()
                .Any(known => known.GetString() == type),
            $"{request.Method} {string.Join('/', path)} answered {type}, of which the description knows nothing.");
    }

    private JsonElement? Find(string[] path, string method)
    {
        foreach (var (template, item) in _paths)
        {
            if (Matches(template, path) && item.TryGetProperty(method, out var operation)) return operation;
        }

        return null;
    }

    private static bool Matches(string[] template, string[] path)
    {
        // The last segment of /v1/entries/{key} and its like takes the rest.
        if (path.Length < template.Length || (path.Length > template.Length && template[^1] is not ("{key}" or "{tag}"))) return false;
        for (var i = 0; i < template.Length; i++)
        {
            if (!template[i].StartsWith('{') && template[i] != path[i]) return false;
        }

        return true;
    }

    private static async Task<DocumentedApi> LoadAsync()
    {
        await using var node = await ServiceNode.StartAsync(isChecked: false);
        return new DocumentedApi(await (await node.Client.SendAsync(HttpMethod.Get, "openapi/v1.json")).JsonAsync());
    }
}

/// <summary>Holds every answer that a test gets against the description.</summary>
internal sealed class DocumentedAnswers() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await (await DocumentedApi.GetAsync()).CheckAsync(request, response);
        return response;
    }
}
