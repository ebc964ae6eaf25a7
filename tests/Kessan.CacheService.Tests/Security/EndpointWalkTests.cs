using System.Net;
using System.Text;
using Kessan.CacheHost.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Kessan.CacheHost.Tests.Security;

/// <summary>Walks the endpoint table, so that a new endpoint cannot be forgotten.</summary>
public sealed class EndpointWalkTests
{
    // All that is open to everybody, by name: an endpoint that becomes so must be written here.
    private static readonly string[] Open = ["/health", "/alive", "/openapi/{documentName}.json", "/scalar"];

    [Fact]
    public async Task Endpoints_NotNamedHere_AreNotOpen()
    {
        await using var node = await ServiceNode.StartAsync();

        var open = All(node).Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(pattern => !Open.Any(known => pattern.StartsWith(known, StringComparison.Ordinal)));

        Assert.Empty(open);
    }

    [Fact]
    public async Task Endpoints_WithoutKey_RefuseEverybody()
    {
        await using var node = await ServiceNode.StartAsync();
        using var nobody = node.NewClient(null);
        using var stranger = node.NewClient("a-key-that-nobody-has");

        foreach (var (method, path, _) in Guarded(node))
        {
            await (await RequestAsync(nobody, method, path)).IsRefusedAsync(method, path, HttpStatusCode.Unauthorized);
            await (await RequestAsync(stranger, method, path)).IsRefusedAsync(method, path, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Endpoints_KeyRevoked_RefuseIt()
    {
        await using var node = await ServiceNode.StartAsync();
        using var revoked = node.NewClient(ServiceNode.FullKey);
        Assert.Equal(HttpStatusCode.OK, (await revoked.SendAsync(HttpMethod.Get, "v1/memory")).StatusCode);
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();

        configuration["Kessan:Security:ApiKeys:3:Key"] = "another-key";
        configuration.Reload();

        foreach (var (method, path, _) in Guarded(node))
        {
            await (await RequestAsync(revoked, method, path)).IsRefusedAsync(method, path, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Endpoints_WithoutTheirScope_RefuseTheKey()
    {
        await using var node = await ServiceNode.StartAsync();
        (AccessScope Scope, string Key)[] keys =
        [
            (AccessScope.Read, ServiceNode.ReaderKey), (AccessScope.Write, ServiceNode.WriterKey), (AccessScope.Admin, ServiceNode.AdminKey),
        ];
        var refused = 0;

        foreach (var (method, path, access) in Guarded(node))
        {
            foreach (var (scope, key) in keys)
            {
                if ((access.Scopes & scope) != 0) continue;
                using var client = node.NewClient(key);
                await (await RequestAsync(client, method, path)).IsRefusedAsync(method, path, HttpStatusCode.Forbidden);
                refused++;
            }
        }

        Assert.True(refused > 20);
    }

    [Fact]
    public async Task Endpoints_GetAndHead_NeedReadOrAdminOnly()
    {
        await using var node = await ServiceNode.StartAsync();

        foreach (var (method, path, access) in Guarded(node).Where(row => row.Method is "GET" or "HEAD"))
        {
            Assert.True(access.Scopes is AccessScope.Read or AccessScope.Admin, $"{method} {path} needs {access.Scopes}");
        }
    }

    [Fact]
    public async Task Endpoints_OtherMethods_NeedWriteOrAdminUnlessTheyOnlyRead()
    {
        await using var node = await ServiceNode.StartAsync();
        string[] onlyRead = ["/v1/entries/batch-get"];

        foreach (var (method, path, access) in Guarded(node).Where(row => row.Method is not ("GET" or "HEAD")))
        {
            Assert.True(access.Scopes is AccessScope.Write or AccessScope.Admin or (AccessScope.Write | AccessScope.Admin) || onlyRead.Contains(path), $"{method} {path} needs {access.Scopes}");
        }
    }

    private static IEnumerable<RouteEndpoint> All(ServiceNode node) => node.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static List<(string Method, string Path, RequiredAccess Access)> Guarded(ServiceNode node)
    {
        List<(string, string, RequiredAccess)> rows = [];
        foreach (var endpoint in All(node).Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            var access = endpoint.Metadata.GetMetadata<RequiredAccess>();
            Assert.True(access is not null, $"{endpoint.DisplayName} says nothing about access");
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
            rows.AddRange(methods.Select(method => (method, Path(endpoint), access)));
        }

        Assert.True(rows.Count > 12);
        return rows;
    }

    private static string Path(RouteEndpoint endpoint)
    {
        var text = new StringBuilder();
        foreach (var segment in endpoint.RoutePattern.PathSegments)
        {
            text.Append('/');
            foreach (var part in segment.Parts)
            {
                text.Append(part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "x");
            }
        }

        return text.ToString();
    }

    private static Task<HttpResponseMessage> RequestAsync(HttpClient client, string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}

internal static class Refusal
{
    public static Task IsRefusedAsync(this HttpResponseMessage response, string method, string path, HttpStatusCode status)
    {
        Assert.True(response.StatusCode == status, $"{method} {path} answered {(int)response.StatusCode}, not {(int)status}");
        Assert.Equal(status == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        response.Dispose();
        return Task.CompletedTask;
    }
}
