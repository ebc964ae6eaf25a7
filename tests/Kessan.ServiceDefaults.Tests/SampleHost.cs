using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kessan.ServiceDefaults.Tests;

/// <summary>A host as ours are, with two endpoints (<c>/work</c>; <c>/trace</c>: the id of its trace), on a free port.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SampleHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public string Address => _app.Urls.First();

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<SampleHost> StartAsync(
        Action<WebApplicationBuilder>? configure = null, string environment = "Production", params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/work", static () => Results.Text("done"));
        app.MapGet("/trace", static () => Results.Text(Activity.Current?.TraceId.ToHexString() ?? "none"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SampleHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
