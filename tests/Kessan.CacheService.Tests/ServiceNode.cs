using System.Net.Http.Headers;
using Kessan.CacheHost.Tests.OpenApi;
using Kessan.Caching.Storage.Memory;
using Kessan.Testing.Simulation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kessan.CacheHost.Tests;

/// <summary>One replica of the service on a free loopback port, over real Kestrel, with an in-memory store that a test can cut off.</summary>
internal sealed class ServiceNode : IAsyncDisposable
{
    public const string ReaderKey = "reader-key-0123456789";
    public const string WriterKey = "writer-key-0123456789";
    public const string AdminKey = "admin-key-0123456789";
    public const string FullKey = "full-key-0123456789";
    public const string PricesKey = "prices-key-0123456789";

    private readonly OpenConnections _connections;
    private readonly bool _isChecked;

    private ServiceNode(WebApplication app, SimulatedStore? store, OpenConnections connections, bool isChecked)
    {
        _connections = connections;
        _isChecked = isChecked;
        App = app;
        Store = store;
        Address = new Uri(app.Urls.First());
        Client = NewClient(FullKey);
    }

    public WebApplication App { get; }

    /// <summary>The store behind this replica; null where a test brought its own, or none.</summary>
    public SimulatedStore? Store { get; }

    public Uri Address { get; }

    /// <summary>A client that may do everything.</summary>
    public HttpClient Client { get; }

    public static async Task<ServiceNode> StartAsync(
        InMemoryCacheServer? server = null,
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        bool hasStore = true,
        bool isChecked = true,
        int port = 0)
    {
        if (isChecked) await DocumentedApi.GetAsync(); // the first answer must not wait for it: entries grow older meanwhile
        var store = hasStore ? new SimulatedStore(new InMemoryCacheStore(server ?? new InMemoryCacheServer())) : null;
        var connections = new OpenConnections();
        var app = CacheServiceApp.Build([], builder =>
        {
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
            builder.WebHost.ConfigureKestrel(server => server.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Then)));
            builder.Environment.EnvironmentName = "Testing";
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(Keys());
            if (hasStore) builder.Configuration.AddInMemoryCollection([new("Kessan:Cache:TrustDuration", "00:01:00")]); // a heartbeat may be late here
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            if (store is not null) builder.Services.AddKessanCaching().UseStore(_ => store);
            configure?.Invoke(builder);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServiceNode(app, store, connections, isChecked);
    }

    /// <summary>A client with a key; without one if it is null. Its answers must be those that the description names.</summary>
    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient(_isChecked ? new DocumentedAnswers() : new SocketsHttpHandler()) { BaseAddress = Address };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public T Get<T>()
        where T : notnull
        => App.Services.GetRequiredService<T>();

    /// <summary>Ends it without a word: connections break, requests under way are not finished, nobody is told that it stops.</summary>
    public async Task KillAsync()
    {
        _connections.Break();
        await App.StopAsync(new CancellationToken(canceled: true));
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }

    private static Dictionary<string, string?> Keys()
    {
        var settings = new Dictionary<string, string?>();
        Add(0, "reader", ReaderKey, ["read"]);
        Add(1, "writer", WriterKey, ["write"]);
        Add(2, "admin", AdminKey, ["admin"]);
        Add(3, "full", FullKey, ["read", "write", "admin"]);
        Add(4, "prices", PricesKey, ["read", "write", "admin"]);
        settings["Kessan:Security:ApiKeys:4:Prefixes:0"] = "stock_price:";
        return settings;

        void Add(int index, string name, string key, string[] scopes)
        {
            var path = $"Kessan:Security:ApiKeys:{index}";
            settings[$"{path}:Name"] = name;
            settings[$"{path}:Key"] = key;
            for (var i = 0; i < scopes.Length; i++) settings[$"{path}:Scopes:{i}"] = scopes[i];
        }
    }
}
