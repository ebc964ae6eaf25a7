using System.Text.Json;

namespace Kessan.AppHost.Tests;

/// <summary>The manifest that azd deploys.</summary>
public sealed class ManifestTests(PublishedManifest manifest) : IClassFixture<PublishedManifest>
{
    [Fact]
    public void Manifest_HasNothingThatAzdCannotDeploy()
    {
        var types = manifest.Resources.EnumerateObject().ToDictionary(
            resource => resource.Name,
            resource => resource.Value.TryGetProperty("type", out var type) ? type.GetString() : null);

        Assert.DoesNotContain(null, types.Values);
        Assert.StartsWith("container.", types["redis"], StringComparison.Ordinal);
        Assert.StartsWith("project.", types["cacheservice"], StringComparison.Ordinal);
        Assert.StartsWith("project.", types["marketapi"], StringComparison.Ordinal);
        Assert.DoesNotContain("embedded-redis", types.Keys);
        Assert.DoesNotContain("redisinsight", types.Keys);
    }

    [Fact]
    public void Manifest_OnlyTheMarketApiIsExternal()
    {
        Assert.True(Bindings("marketapi").GetProperty("http").GetProperty("external").GetBoolean());
        Assert.All(Bindings("cacheservice").EnumerateObject(), binding => Assert.False(binding.Value.TryGetProperty("external", out _)));
        Assert.All(Bindings("redis").EnumerateObject(), binding => Assert.False(binding.Value.TryGetProperty("external", out _)));
    }

    [Theory]
    [InlineData("marketapi")]
    [InlineData("cacheservice")]
    public void Manifest_KeepsThePortsOfDevelopmentOut(string host) =>
        Assert.All(Bindings(host).EnumerateObject(), binding => Assert.False(binding.Value.TryGetProperty("port", out _)));

    [Theory]
    [InlineData("cache-api-key")]
    [InlineData("cache-admin-key")]
    [InlineData("redis-password")]
    public void Manifest_SecretsAreGenerated(string parameter)
    {
        var input = manifest.Resources.GetProperty(parameter).GetProperty("inputs").GetProperty("value");

        Assert.True(input.GetProperty("secret").GetBoolean());
        Assert.True(input.GetProperty("default").TryGetProperty("generate", out _));
    }

    [Fact]
    public void Manifest_BothEndsGetTheSameKey()
    {
        Assert.Equal("marketapi", Environment("cacheservice", "Kessan__Security__ApiKeys__0__Name"));
        Assert.Equal("{cache-api-key.value}", Environment("cacheservice", "Kessan__Security__ApiKeys__0__Key"));
        Assert.Equal("read", Environment("cacheservice", "Kessan__Security__ApiKeys__0__Scopes__0"));
        Assert.Equal("write", Environment("cacheservice", "Kessan__Security__ApiKeys__0__Scopes__1"));
        Assert.Equal("{cache-api-key.value}", Environment("marketapi", "Kessan__CacheService__ApiKey"));
        Assert.Equal("{cache-admin-key.value}", Environment("cacheservice", "Kessan__Security__ApiKeys__1__Key"));
        Assert.Equal("write", Environment("cacheservice", "Kessan__Security__ApiKeys__1__Scopes__0"));
        Assert.Equal("admin", Environment("cacheservice", "Kessan__Security__ApiKeys__1__Scopes__1"));
    }

    [Fact]
    public void Manifest_HostsFindWhatTheyNeed()
    {
        Assert.Equal("{redis.connectionString}", Environment("cacheservice", "ConnectionStrings__redis"));
        Assert.Equal("{cacheservice.bindings.http.url}", Environment("marketapi", "services__cacheservice__http__0"));
    }

    [Fact]
    public void Manifest_RedisIsACache() =>
        Assert.EndsWith(
            " --maxmemory 256mb --maxmemory-policy volatile-lfu",
            manifest.Resources.GetProperty("redis").GetProperty("args").EnumerateArray().Last().GetString(),
            StringComparison.Ordinal);

    private JsonElement Bindings(string resource) => manifest.Resources.GetProperty(resource).GetProperty("bindings");

    private string? Environment(string resource, string variable) =>
        manifest.Resources.GetProperty(resource).GetProperty("env").GetProperty(variable).GetString();
}
