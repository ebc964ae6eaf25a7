using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kessan.AppHost.Tests;

/// <summary>The model as it is built for a run; what is published is in <see cref="ManifestTests"/>.</summary>
public sealed class ModelTests
{
    private const string NoRuntime = "kessan-no-such-runtime";

    // A program that ends with 0 whatever it is asked.
    private const string AnyRuntime = "true";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithoutContainerRuntime_UsesTheEmbeddedServer()
    {
        await using var builder = await BuildAsync(NoRuntime);

        var names = builder.Resources.Select(resource => resource.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "embedded-redis", "redis", "cacheservice", "marketapi" }, names);
        Assert.Superset(new HashSet<string> { "cache-api-key", "cache-admin-key", "redis-password" }, names);
        Assert.DoesNotContain(builder.Resources, resource => resource is ContainerResource);
        Assert.IsAssignableFrom<IResourceWithConnectionString>(Find(builder, "redis"));
        Assert.NotEmpty(Find(builder, "embedded-redis").Annotations.OfType<HealthCheckAnnotation>());
    }

    [Fact]
    public async Task Run_WithContainerRuntime_UsesRedisAsACacheWithInsight()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "stands in for a container runtime with the Unix program 'true'");
        await using var builder = await BuildAsync(AnyRuntime);

        var redis = Assert.IsType<RedisResource>(Find(builder, "redis"));
        var arguments = new List<object>();
        foreach (var callback in redis.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await callback.Callback(new(arguments, redis, Cancellation) { ExecutionContext = builder.ExecutionContext });

        Assert.Contains(builder.Resources, resource => resource.Name == "redisinsight");
        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "embedded-redis");
        Assert.Equal(["--maxmemory", "256mb", "--maxmemory-policy", "volatile-lfu"], arguments.TakeLast(4));
    }

    [Theory]
    [InlineData("cacheservice", 2, 5081)]
    [InlineData("marketapi", 1, 5080)]
    public async Task Host_HasItsReplicasPortAndHealthCheck(string name, int replicas, int port)
    {
        await using var builder = await BuildAsync(NoRuntime);

        var host = Find(builder, name);
        var http = Assert.Single(host.Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.Name == "http");

        Assert.Equal(replicas, host.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1);
        Assert.Equal(port, http.Port);
        Assert.Equal(name == "marketapi", http.IsExternal);
        Assert.NotEmpty(host.Annotations.OfType<HealthCheckAnnotation>());
    }

    [Theory]
    [InlineData("redis", "embedded-redis")]
    [InlineData("cacheservice", "redis")]
    [InlineData("marketapi", "cacheservice")]
    public async Task Resource_WaitsForWhatItNeeds(string name, string needed)
    {
        await using var builder = await BuildAsync(NoRuntime);

        Assert.Contains(Find(builder, name).Annotations.OfType<WaitAnnotation>(), wait => wait.Resource.Name == needed);
    }

    [Fact]
    public async Task Keys_AreSecretGeneratedAndDifferent()
    {
        await using var builder = await BuildAsync(NoRuntime);

        var values = new HashSet<string?>();
        foreach (var name in (string[])["cache-api-key", "cache-admin-key"])
        {
            var key = Assert.IsType<ParameterResource>(Find(builder, name));
            Assert.True(key.Secret);
            values.Add(await key.GetValueAsync(Cancellation));
        }

        Assert.Equal(2, values.Count);
        Assert.All(values, value => Assert.Matches("^[A-Za-z0-9]{32,}$", value));
    }

    private static async Task<IDistributedApplicationTestingBuilder> BuildAsync(string containerRuntime)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kessan_AppHost>(
            ["--DOTNET_LAUNCH_PROFILE=http", $"--ASPIRE_CONTAINER_RUNTIME={containerRuntime}"], Cancellation);
        // What is never started complains about that when it is disposed.
        builder.Services.AddLogging(logging => logging.ClearProviders());
        return builder;
    }

    private static IResource Find(IDistributedApplicationTestingBuilder builder, string name) =>
        Assert.Single(builder.Resources, resource => resource.Name == name);
}
