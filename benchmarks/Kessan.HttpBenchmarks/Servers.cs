using System.Text;
using Kessan.CacheHost;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kessan.HttpBenchmarks;

/// <summary>The competitors. Each runs in a process of its own, in the environment Production, and writes no log.</summary>
internal static class Servers
{
    public const string ApiKey = "benchmark-key-0123456789";
    public const string Path = "/v1/entries/stock_price:7203:latest";

    public static readonly byte[] Value = Encoding.UTF8.GetBytes(
        """{"ticker":"7203","open":2500.0,"high":2550.0,"low":2480.0,"close":2520.0,"volume":1000000,"currency":"JPY"}""");

    /// <summary>Kestrel with routing and one endpoint: the least that an application in ASP.NET Core is. It sends the value and three header fields.</summary>
    public static Task<int> RunBareAsync(string[] arguments) => RunKestrelAsync(arguments, WriteAsync);

    /// <summary>The same, and every byte of the answer is the service's: the header fields of an entry too.</summary>
    public static Task<int> RunSameBytesAsync(string[] arguments) => RunKestrelAsync(arguments, WriteWithFieldsAsync);

    private static async Task<int> RunKestrelAsync(string[] arguments, RequestDelegate write)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static server => server.AddServerHeader = false);
        var app = builder.Build();
        app.MapGet("/v1/entries/{**key}", write);
        await app.RunAsync();
        return 0;
    }

    /// <summary>
    /// The same bytes from a host that has what every host of the system has (telemetry, health, service discovery): what is between it and the
    /// service is the cache's.
    /// </summary>
    public static async Task<int> RunFurnishedAsync(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static server => server.AddServerHeader = false);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapGet("/v1/entries/{**key}", WriteWithFieldsAsync);
        await app.RunAsync();
        return 0;
    }

    private static Task WriteWithFieldsAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Kessan-Node"] = "benchmarks-0123456789";
        headers.Age = "12";
        headers.CacheControl = "private, max-age=3600, stale-if-error=3600";
        headers["Cache-Status"] = "kessan; hit; ttl=3588; detail=l1";
        headers.Vary = "Accept";
        headers.ETag = "\"1732300000000000\"";
        headers["Cache-Groups"] = "\"stock:7203\"";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return WriteAsync(context);
    }

    private static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Value.Length;
        await context.Response.BodyWriter.WriteAsync(Value);
    }

    /// <summary>The cache service as it is deployed, without Redis: what L1 answers does not reach it.</summary>
    public static async Task<int> RunServiceAsync(string[] arguments)
    {
        var app = CacheServiceApp.Build(arguments, static builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration["Kessan:Security:ApiKeys:0:Name"] = "benchmark";
            builder.Configuration["Kessan:Security:ApiKeys:0:Key"] = ApiKey;
            if (builder.Configuration["http2"] == "true")
            {
                builder.WebHost.ConfigureKestrel(static server => server.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));
            }
        });
        await app.RunAsync();
        return 0;
    }
}
