using System.Diagnostics.CodeAnalysis;
using Kessan.Caching.Client;
using Kessan.Caching.Client.Http;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Names the cache service as the second layer.</summary>
public static class CacheServiceExtensions
{
    internal const string ClientName = "kessan-cache-service";

    /// <summary>
    /// Uses the Kessan cache service as the second layer: <c>services.AddKessanCaching().UseCacheService()</c>. Settings come from
    /// <c>Kessan:CacheService</c> (<see cref="CacheServiceOptions"/>); safe to call twice, the last call counts.
    /// </summary>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <param name="name">The service's name in service discovery, where no address is configured.</param>
    public static KessanCachingBuilder UseCacheService(this KessanCachingBuilder builder, string name = "cacheservice")
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var services = builder.Services;
        AddOptions(services, name);
        AddClient(services);
        services.RemoveAll<IQuotaStore>();
        services.AddSingleton<IQuotaStore>(static provider => (CacheServiceStore)provider.GetRequiredService<ICacheStore>());
        return builder.UseStore(static provider => new CacheServiceStore(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName),
            provider.GetRequiredService<IOptions<CacheServiceOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<CacheServiceStore>>()));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The options are simple properties, bound by the source generator.")]
    private static void AddOptions(IServiceCollection services, string name)
    {
        services.AddOptionsWithValidateOnStart<CacheServiceOptions>()
            .BindConfiguration(CacheServiceOptions.Path)
            .PostConfigure(options => options.Address ??= new Uri($"https+http://{name}"));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheServiceOptions>, CacheServiceRangesValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheServiceOptions>, CacheServiceOptionsValidator>());
    }

    private static void AddClient(IServiceCollection services)
    {
        services.AddServiceDiscovery();
        var client = services.AddHttpClient(ClientName, static (provider, client) =>
        {
            var options = provider.GetRequiredService<IOptions<CacheServiceOptions>>().Value;
            client.BaseAddress = WithSlash(options.Address!);
            client.Timeout = Timeout.InfiniteTimeSpan; // each operation has its own, and the event stream has none
            // HTTP/2 is the faster one, but without TLS a port cannot be asked whether it speaks it.
            client.DefaultRequestVersion = System.Net.HttpVersion.Version20;
            client.DefaultVersionPolicy = options.Http2 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower;
            if (!string.IsNullOrEmpty(options.ApiKey)) client.DefaultRequestHeaders.Authorization = new("Bearer", options.ApiKey);
        });

        // The store keeps this one client; connections are renewed beneath it, so that a new replica is found.
        client.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        client.ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false, // the service stands beside its consumers, not on the other side of a proxy
            EnableMultipleHttp2Connections = true,
        });

        // One short attempt: whatever a host gives all its clients (retries, breakers, loggers that write addresses and so keys) is
        // taken off this one; only service discovery stays.
        client.RemoveAllLoggers();
        client.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            handlers.Clear();
            handlers.Add(new NextReplicaHandler());
        });
        client.AddServiceDiscovery();
    }

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
