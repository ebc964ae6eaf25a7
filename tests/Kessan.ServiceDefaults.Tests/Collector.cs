using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kessan.ServiceDefaults.Tests;

/// <summary>The receiving end of OTLP over HTTP: remembers which signals came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _received = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/{**signal}", (HttpContext context) =>
        {
            Received(context.Request.Path).TrySetResult();
            return Results.Ok();
        });
    }

    public string Address => _app.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public Task ReceivedAsync(string path) =>
        Received(path).Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private TaskCompletionSource Received(string path) =>
        _received.GetOrAdd(path, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
