using System.Text.Json;
using Kessan.Caching.Quotas;
using Kessan.Caching.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Kessan.MarketApi.Tests;

/// <summary>The market API alone on a free loopback port: its cache is L1 only, and the test moves its clock.</summary>
internal sealed class MarketApiHost : IAsyncDisposable
{
    /// <summary>A Wednesday, ten o'clock in Tokyo.</summary>
    public static readonly DateTimeOffset Start = new(2025, 6, 11, 10, 0, 30, TimeSpan.FromHours(9));

    private readonly WebApplication _app;

    private MarketApiHost(WebApplication app, FakeTimeProvider time)
    {
        _app = app;
        Time = time;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => _app.Services;

    public HttpClient Client { get; }

    /// <summary>The settings; a change counts after <c>Reload</c>.</summary>
    public IConfigurationRoot Configuration => (IConfigurationRoot)_app.Configuration;

    public static FakeTimeProvider NewTime() => new(Start);

    public static async Task<MarketApiHost> StartAsync(
        IEnumerable<KeyValuePair<string, string?>>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        FakeTimeProvider? time = null,
        params string[] arguments)
    {
        time ??= NewTime();
        var app = MarketApiApp.Build(["--urls", "http://127.0.0.1:0", "--environment", "Testing", .. arguments], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection([new("Market:BuiltIn:Delay", "00:00:00")]).AddInMemoryCollection(settings ?? []);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
            builder.Services.RemoveAll<ICacheStore>();
            builder.Services.RemoveAll<IQuotaStore>();
            configure?.Invoke(builder);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new MarketApiHost(app, time);
    }

    /// <summary>The body of a successful answer.</summary>
    public async Task<JsonElement> GetJsonAsync(string path) =>
        JsonElement.Parse(await Client.GetStringAsync(path, TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
