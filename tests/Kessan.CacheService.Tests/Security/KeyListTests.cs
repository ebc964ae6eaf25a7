using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests.Security;

/// <summary>A list that is written as one text would bind to nothing, and nothing means everything.</summary>
public sealed class KeyListTests
{
    private const string Path = "Kessan:Security:ApiKeys:9";

    [Theory]
    [InlineData("Scopes", "read")]
    [InlineData("Prefixes", "stock_price:")]
    public async Task Start_ListGivenAsText_SaysWhere(string list, string text)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var node = await ServiceNode.StartAsync(settings: Key(list, text));
        });

        Assert.Contains($"{Path}:{list} is one text and no list; its first item is {Path}:{list}:0.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Scopes", "read")]
    [InlineData("Prefixes", "stock_price:")]
    public async Task Reload_ListGivenAsText_ChangesNothing(string list, string text)
    {
        using var log = new LoggedFaults();
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging.AddProvider(log));
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();
        foreach (var (name, value) in Key(list, text)) configuration[name] = value;

        configuration.Reload();

        using var client = node.NewClient("a-key-with-a-list");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
        Assert.NotEmpty(log.Seen); // one for each source of the configuration
        Assert.All(log.Seen, line => Assert.Contains($"{Path}:{list}", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_ValueOfTheWrongForm_IsLoggedAndChangesNothing()
    {
        using var log = new LoggedFaults();
        await using var node = await ServiceNode.StartAsync(configure: builder => builder.Logging.AddProvider(log));
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();
        configuration["Kessan:Security:AllowAnonymous"] = "perhaps";

        configuration.Reload();

        Assert.NotEmpty(log.Seen);
        Assert.All(log.Seen, line => Assert.Contains("the keys stay as they were", line, StringComparison.Ordinal));
        Assert.All(log.Seen, line => Assert.DoesNotContain("perhaps", line, StringComparison.Ordinal)); // it might be a key in the wrong place
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
    }

    private static Dictionary<string, string?> Key(string list, string text) => new()
    {
        [$"{Path}:Name"] = "n",
        [$"{Path}:Key"] = "a-key-with-a-list",
        [$"{Path}:{list}"] = text,
    };
}
