using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests.Security;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("Authorization", $"Bearer {ServiceNode.ReaderKey}", HttpStatusCode.NotFound)]
    [InlineData("Authorization", $"bearer  {ServiceNode.ReaderKey} ", HttpStatusCode.NotFound)]
    [InlineData("X-Api-Key", ServiceNode.ReaderKey, HttpStatusCode.NotFound)]
    [InlineData("Authorization", ServiceNode.ReaderKey, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", $"Basic {ServiceNode.ReaderKey}", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "reader-key-012345678", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "reader-key-01234567890", HttpStatusCode.Unauthorized)]
    public async Task Key_InEitherHeader_IsTakenWhole(string header, string value, HttpStatusCode status)
    {
        await using var node = await ServiceNode.StartAsync();
        using var client = node.NewClient(null);

        Assert.Equal(status, (await client.SendAsync(HttpMethod.Get, "v1/entries/nobody", (header, value))).StatusCode);
    }

    [Fact]
    public async Task Key_GivenAsHash_Works()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("hashed")));
        await using var node = await ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Security:ApiKeys:9:Name"] = "hashed",
            ["Kessan:Security:ApiKeys:9:Hash"] = hash,
        });
        using var client = node.NewClient("hashed");

        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutTextAsync("v1/entries/k", "x")).StatusCode);
        await (await client.SendAsync(HttpMethod.Get, "v1/entries?pattern=a*")).IsProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact]
    public async Task Key_KeptToPrefixes_TouchesOnlyThose()
    {
        await using var node = await ServiceNode.StartAsync();
        using var prices = node.NewClient(ServiceNode.PricesKey);

        Assert.Equal(HttpStatusCode.NoContent, (await prices.PutTextAsync("v1/entries/stock_price:1:latest", "x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await prices.SendAsync(HttpMethod.Get, "v1/entries?pattern=stock_price:*")).StatusCode);
        foreach (var response in new[]
        {
            await prices.SendAsync(HttpMethod.Get, "v1/entries/news_data:1:all"),
            await prices.PutTextAsync("v1/entries/stock_pric", "x"),
            await prices.SendAsync(HttpMethod.Delete, "v1/entries/news_data:1:all"),
            await prices.SendAsync(HttpMethod.Get, "v1/entries?pattern=stock*"),
            await prices.SendAsync(HttpMethod.Delete, "v1/entries?pattern=news_data:*"),
            await prices.PostTextAsync("v1/entries/batch-get", """{"keys":["stock_price:1:latest","news_data:1:all"]}"""),
            await prices.PostTextAsync("v1/entries/batch-set", """{"entries":{"news_data:1:all":{"value":1}}}"""),
            await prices.PostTextAsync("v1/leases/batch", """{"leases":[{"key":"news_data:1:all","nonce":"n"}]}"""),
            await prices.SendAsync(HttpMethod.Delete, "v1/tags/stock:1"),
        })
        {
            await response.IsProblemAsync(HttpStatusCode.Forbidden, "prefix-refused");
        }
    }

    [Fact]
    public async Task Keys_Reloaded_RotateAndAreRevoked()
    {
        await using var node = await ServiceNode.StartAsync();
        using var old = node.NewClient(ServiceNode.ReaderKey);
        using var next = node.NewClient("the-next-key");
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();
        configuration["Kessan:Security:ApiKeys:9:Name"] = "reader";
        configuration["Kessan:Security:ApiKeys:9:Key"] = "the-next-key";

        configuration.Reload();
        var both = (await StatusAsync(old), await StatusAsync(next));
        configuration["Kessan:Security:ApiKeys:0:Key"] = "another-key-altogether";
        configuration.Reload();
        var one = (await StatusAsync(old), await StatusAsync(next));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), both);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), one);

        static async Task<HttpStatusCode> StatusAsync(HttpClient client) => (await client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode;
    }

    [Fact]
    public async Task Keys_ReloadedToSomethingInvalid_StayAsTheyWere()
    {
        await using var node = await ServiceNode.StartAsync();
        var configuration = (IConfigurationRoot)node.Get<IConfiguration>();

        configuration["Kessan:Security:ApiKeys:0:Hash"] = "both a key and a hash";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
    }

    [Theory]
    [InlineData("Production", "true", false)]
    [InlineData("Development", null, false)]
    [InlineData("Development", "true", true)]
    public async Task Start_WithoutKeys_NeedsDevelopmentAndAWord(string environment, string? allow, bool starts)
    {
        await using var app = CacheServiceApp.Build([$"--environment={environment}"], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Kessan:Security:AllowAnonymous"] = allow });
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        });

        if (starts)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(TestContext.Current.CancellationToken));
            Assert.Contains("Kessan:Security:ApiKeys", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Hash", "ABC", "ApiKeys:0")]
    [InlineData("Scopes:0", "everything", "read, write and admin")]
    [InlineData("Name", "", "ApiKeys:0:Name")]
    [InlineData("Key", "", "ApiKeys:0")]
    [InlineData("Prefixes:0", "", "Prefixes")]
    public async Task Start_KeyMisconfigured_SaysWhere(string setting, string value, string expected)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => ServiceNode.StartAsync(settings: new() { [$"Kessan:Security:ApiKeys:0:{setting}"] = value }));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ServiceNode.ReaderKey, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Key", ServiceNode.AdminKey)]
    [InlineData("Hash", null)]
    public async Task Start_SameKeyUnderTwoNames_SaysWhich(string setting, string? value)
    {
        value ??= Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ServiceNode.AdminKey)));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => ServiceNode.StartAsync(settings: new()
        {
            ["Kessan:Security:ApiKeys:5:Name"] = "twin",
            [$"Kessan:Security:ApiKeys:5:{setting}"] = value,
        }));

        Assert.Contains("Kessan:Security:ApiKeys:5 is the same key as Kessan:Security:ApiKeys:2.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, failure.Message, StringComparison.Ordinal);
    }
}
