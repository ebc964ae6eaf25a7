using Kessan.AppHost;

// The picture of the system: who runs, who knows whom, who waits for whom.
var builder = DistributedApplication.CreateBuilder(args);

builder.AddPublishTarget();

// Made at random, handed to both ends: neither `dotnet run` nor azd asks for them.
var marketKey = builder.AddApiKey("cache-api-key");
var adminKey = builder.AddApiKey("cache-admin-key");

var redis = builder.ExecutionContext.IsPublishMode || await ContainerRuntime.AnswersAsync(builder.Configuration)
    ? builder.AddRedisContainer("redis")
    : builder.AddEmbeddedRedis("redis");

var cacheService = builder.AddProject<Projects.Kessan_CacheService>("cacheservice")
    .WithReplicas(2)
    .WithReference(redis).WaitFor(redis)
    .AcceptsApiKey(0, "marketapi", marketKey, "read", "write")
    .AcceptsApiKey(1, "dashboard", adminKey, "write", "admin")
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", _ => new() { Url = "/scalar", DisplayText = "API" })
    .WithMaintenanceCommands(adminKey)
    .WithShortTelemetryTimeout();

builder.AddProject<Projects.Kessan_MarketApi>("marketapi")
    .WithReference(cacheService).WaitFor(cacheService)
    .WithEnvironment("Kessan__CacheService__ApiKey", marketKey)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", _ => new() { Url = "/", DisplayText = "Market board" })
    .WithShortTelemetryTimeout()
    .WithReadyLine(cacheService);

builder.Build().Run();
