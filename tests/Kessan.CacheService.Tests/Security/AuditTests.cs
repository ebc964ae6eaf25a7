using System.Net;
using Kessan.CacheHost.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests.Security;

/// <summary>Who used what needs the scope admin stands in the log; keys, values and secrets do not.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task AdminRows_Used_AreLoggedEachWithClientMethodAndRow()
    {
        using var log = new LoggedFaults(LogLevel.Information);
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging.AddProvider(log));
        using var admin = node.NewClient(ServiceNode.AdminKey);
        List<string> expected = [];

        foreach (var endpoint in node.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<RequiredAccess>() is not { Scopes: AccessScope.Admin }) continue;
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
            {
                await admin.SendAsync(new HttpMethod(method), $"{endpoint.RoutePattern.RawText}?pattern=private-key*");
                expected.Add($"Audit: client admin used {method} {endpoint.RoutePattern.RawText}.");
            }
        }

        Assert.True(expected.Count >= 4);
        Assert.Equal(expected, Audited(log));
    }

    [Fact]
    public async Task TheStar_InvalidatedInEitherRow_IsLoggedAndOtherTagsAreNot()
    {
        using var log = new LoggedFaults(LogLevel.Information);
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging.AddProvider(log));

        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/private-tag");
        await node.Client.SendAsync(HttpMethod.Delete, "v1/tags/*");
        await node.Client.PostTextAsync("v1/tags/batch-delete", """{"tags":["private-tag","*"]}""");

        Assert.Equal(
            ["Audit: client full used DELETE /v1/tags/{**tag}.", "Audit: client full used POST /v1/tags/batch-delete."], Audited(log));
    }

    [Fact]
    public async Task AdminRows_Refused_AreNotLoggedAsUsed()
    {
        using var log = new LoggedFaults(LogLevel.Information);
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging.AddProvider(log));
        using var reader = node.NewClient(ServiceNode.ReaderKey);

        Assert.Equal(HttpStatusCode.Forbidden, (await reader.SendAsync(HttpMethod.Delete, "v1/entries?pattern=a*")).StatusCode);

        Assert.Empty(Audited(log));
    }

    private static string[] Audited(LoggedFaults log)
    {
        string[] lines = [.. log.Seen.Where(line => line.Contains("Audit:", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.All(log.Seen, line => Assert.DoesNotContain("private", line, StringComparison.Ordinal));
        Assert.All(log.Seen, line => Assert.DoesNotContain("-key-0123456789", line, StringComparison.Ordinal));
        return lines;
    }
}
