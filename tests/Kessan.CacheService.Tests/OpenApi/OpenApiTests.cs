using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;

namespace Kessan.CacheHost.Tests.OpenApi;

/// <summary>What the description promises; that answers keep it is checked at every request of every test (<see cref="DocumentedAnswers"/>).</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Description_Rows_AreAllThere()
    {
        await using var node = await ServiceNode.StartAsync();
        var paths = (await DocumentedApi.GetAsync()).Document.GetProperty("paths");

        foreach (var endpoint in node.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{**", "{", StringComparison.Ordinal);
            if (!pattern.StartsWith("/v1/", StringComparison.Ordinal)) continue;
            Assert.True(paths.TryGetProperty(pattern, out var path), $"{pattern} is missing");
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                Assert.True(path.TryGetProperty(method.ToLowerInvariant(), out _), $"{method} {pattern} is missing");
            }
        }
    }

    [Fact]
    public async Task Description_Operations_AreComplete()
    {
        foreach (var (name, operation) in Operations(await DocumentedApi.GetAsync()))
        {
            Assert.True(operation.TryGetProperty("summary", out _), $"{name} has no summary");
            Assert.Equal(2, operation.GetProperty("security").GetArrayLength());
            var responses = operation.GetProperty("responses");
            foreach (var status in (string[])["400", "401", "403", "500"])
            {
                Assert.True(responses.TryGetProperty(status, out _), $"{name} does not mention {status}");
            }

            Assert.Contains(responses.EnumerateObject(), response => response.Name.StartsWith('2'));
            foreach (var response in responses.EnumerateObject())
            {
                Assert.False(string.IsNullOrEmpty(response.Value.GetProperty("description").GetString()));
                Assert.True(response.Value.GetProperty("headers").TryGetProperty("Kessan-Node", out _));
            }

            if (!operation.TryGetProperty("parameters", out var parameters)) continue;
            foreach (var parameter in parameters.EnumerateArray())
            {
                Assert.True(
                    parameter.TryGetProperty("description", out _),
                    $"{name}: parameter {parameter.GetProperty("name")} has no description");
            }
        }
    }

    [Fact]
    public async Task Description_JsonBodies_HaveExamplesAndSnakeCase()
    {
        var api = await DocumentedApi.GetAsync();

        foreach (var (name, operation) in Operations(api).Where(row => row.Operation.TryGetProperty("requestBody", out _)))
        {
            if (!operation.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out var json)) continue;
            Assert.True(json.TryGetProperty("example", out _), $"{name} has no example of its body");
        }

        foreach (var schema in api.Document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (!schema.Value.TryGetProperty("properties", out var properties)) continue;
            Assert.All(properties.EnumerateObject(), property => Assert.Matches("^[a-z0-9_]+$", property.Name));
        }
    }

    [Fact]
    public async Task Description_Leases_NeedTheirNonce()
    {
        var rows = Operations(await DocumentedApi.GetAsync()).Where(row => row.Name.EndsWith("/v1/leases/{key}", StringComparison.Ordinal)).ToArray();

        Assert.Equal(3, rows.Length);
        foreach (var (_, operation) in rows)
        {
            var nonce = operation.GetProperty("parameters").EnumerateArray().Single(parameter => parameter.GetProperty("name").GetString() == "Kessan-Lease");
            Assert.True(nonce.GetProperty("required").GetBoolean());
        }

        Assert.All(rows, row => Assert.False(row.Operation.GetProperty("responses").TryGetProperty("304", out _))); // only a read may answer so
    }

    [Fact]
    public async Task Description_Session_HasNoLeasesAndNoQueue()
    {
        var (_, put) = Operations(await DocumentedApi.GetAsync()).Single(row => row.Name == "put /v1/sessions/{user}");

        Assert.DoesNotContain(put.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "Kessan-Lease");
        Assert.DoesNotContain(put.GetProperty("responses").EnumerateObject(), response => response.Name is "202" or "409");
    }

    [Fact]
    public async Task Description_Problems_NameEveryType()
    {
        var document = (await DocumentedApi.GetAsync()).Document;

        var types = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("type").GetProperty("enum");

        Assert.Equal(CacheHost.Problems.ProblemKind.All.Select(kind => kind.Type), types.EnumerateArray().Select(type => type.GetString()));
    }

    [Fact]
    public async Task Description_AndItsPage_AreOpen()
    {
        await using var node = await ServiceNode.StartAsync();
        using var nobody = node.NewClient(null);

        var document = await nobody.SendAsync(HttpMethod.Get, "openapi/v1.json");
        var page = await nobody.SendAsync(HttpMethod.Get, "scalar/");

        Assert.StartsWith("3.1", (await document.JsonAsync()).GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(DocumentedApi api)
        => from path in api.Document.GetProperty("paths").EnumerateObject()
           where path.Name.StartsWith("/v1/", StringComparison.Ordinal)
           from operation in path.Value.EnumerateObject()
           where operation.Name != "parameters"
           select ($"{operation.Name} {path.Name}", operation.Value);
}
