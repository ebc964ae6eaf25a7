using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kessan.Standalone;

/// <summary>One of the web hosts, as a part of this process.</summary>
internal sealed class WebPart : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    // Two hosts on one console: what each tells of its start and of every request would bury the lines that Standalone prints. These
    // are defaults, below all other configuration.
    private static readonly Dictionary<string, string?> QuietLogging = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
    };

    private readonly WebApplication _app;

    private WebPart(WebApplication app)
    {
        _app = app;
    }

    /// <summary>Where it listens, as its users write it.</summary>
    public string Address => _app.Urls.First();

    /// <param name="build">The host's own <c>Build</c>.</param>
    /// <param name="project">Whose settings and content it uses; all hosts bring an appsettings.json, each has a folder here.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="settings">Configuration that goes before its own.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<WebPart> StartAsync(
        Func<string[], Action<WebApplicationBuilder>?, WebApplication> build,
        string project,
        int port,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // to build a host takes longer than to stop

        // The host's command line carries them: a host reads parts of its configuration while it is being built.
        string[] arguments =
        [
            // Kestrel picks no free port for a name.
            $"--urls={(port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{port}")}",
            $"--contentRoot={Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "hosts", project)).FullName}",
            .. settings.Select(static setting => $"--{setting.Key}={setting.Value}"),
        ];
        var part = new WebPart(build(arguments, static builder =>
        {
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLogging });
            builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, PassiveLifetime>());
            builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = StopLimit);
        }));
        try
        {
            await part._app.StartAsync(cancellationToken);
            return part;
        }
        catch
        {
            await part._app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
