using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kessan.AppHost;

/// <summary>The second layer's server: Redis in a container, or the embedded server where nothing runs containers.</summary>
internal static partial class RedisResources
{
    // A cache may lose its least used entries, never what has no lifetime: all that Kessan stores has one.
    private static readonly string[] CacheLimits = ["--maxmemory", "256mb", "--maxmemory-policy", "volatile-lfu"];

    public static IResourceBuilder<IResourceWithConnectionString> AddRedisContainer(
        this IDistributedApplicationBuilder builder, string name) =>
        builder.AddRedis(name)
            .WithRedisInsight()
            .WithArgs(context =>
            {
                if (context.ExecutionContext.IsPublishMode)
                {
                    // Published, the whole command line is one string for the container's shell.
                    context.Args[^1] = $"{context.Args[^1]} {string.Join(' ', CacheLimits)}";
                    return;
                }

                foreach (var limit in CacheLimits)
                {
                    context.Args.Add(limit);
                }
            });

    public static IResourceBuilder<IResourceWithConnectionString> AddEmbeddedRedis(this IDistributedApplicationBuilder builder, string name)
    {
        var password = builder.AddParameter($"{name}-password", new GenerateParameterDefault { Special = false }, secret: true);
        var server = builder.AddProject<Projects.Kessan_EmbeddedRedis>($"embedded-{name}")
            .WithEndpoint(name: "tcp", scheme: "redis", env: "KESSAN_EMBEDDED_REDIS_PORT")
            .WithEnvironment("KESSAN_EMBEDDED_REDIS_PASSWORD", password)
            .WithIconName("Database")
            .ExcludeFromManifest();

        var address = ReferenceExpression.Create(
            $"{server.GetEndpoint("tcp").Property(EndpointProperty.HostAndPort)},password={password}");

        // The proxy in front of the server accepts connections before the server listens: only an answer to PING says it is up.
        string? pingAddress = null;
        server.OnResourceEndpointsAllocated(async (_, _, cancellationToken) =>
            pingAddress = await address.GetValueAsync(cancellationToken));
        builder.Services.AddHealthChecks().AddRedis(
            _ => pingAddress ?? throw new InvalidOperationException("The embedded server has no address yet."), $"embedded-{name}-ping");
        server.WithHealthCheck($"embedded-{name}-ping");

        builder.OnBeforeStart((start, _) =>
        {
            LogEmbedded(start.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Kessan.AppHost"), server.Resource.Name);
            return Task.CompletedTask;
        });

        return builder.AddConnectionString(name, address).WaitFor(server);
    }

    [LoggerMessage(1, LogLevel.Warning, """
        No container runtime answers (docker, podman): the embedded server '{Resource}' takes the place of Redis.
        Its data is lost when it stops. For Redis with RedisInsight start Docker or Podman, then this program again.
        """)]
    private static partial void LogEmbedded(ILogger logger, string resource);
}
