using Kessan.CacheHost.Entities;
using Kessan.CacheHost.Entries;
using Kessan.CacheHost.Events;
using Kessan.CacheHost.Health;
using Kessan.CacheHost.Leases;
using Kessan.CacheHost.OpenApi;
using Kessan.CacheHost.Overload;
using Kessan.CacheHost.Problems;
using Kessan.CacheHost.Quotas;
using Kessan.CacheHost.Requests;
using Kessan.CacheHost.Security;
using Kessan.CacheHost.Sessions;
using Kessan.CacheHost.Statistics;
using Kessan.CacheHost.Tags;

namespace Kessan.CacheHost;

/// <summary>The cache as a service.</summary>
public static class CacheServiceApp
{
    /// <summary>Builds the service; the caller runs it.</summary>
    /// <param name="args">The command line: <c>--urls</c> and any configuration.</param>
    /// <param name="configure">Adds configuration, or other services, before the service adds its own.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "Kessan.CacheService" });
        configure?.Invoke(builder);

        builder.AddServiceDefaults();
        builder.Logging.AddQuietLogs();
        builder.AddCache();
        builder.Services.AddSingleton<NodeIdentity>();
        builder.Services.AddSingleton<StoreCalls>();
        builder.Services.AddHostedService<AcceptedChanges>();
        builder.Services.AddProblems();
        builder.Services.AddApiKeys();
        builder.Services.AddRequestRules();
        builder.Services.AddLoadLimits();
        builder.Services.AddEntryServices();
        builder.Services.AddLeaseServices();
        builder.Services.AddEvents();
        builder.Services.AddStatistics();
        builder.AddHealthAndMetrics();
        builder.Services.AddApiDescription();

        var app = builder.Build();
        app.WarnWithoutSecondLayer();
        app.UseMiddleware<NodeHeaderMiddleware>();
        app.UseExceptionHandler();
        app.UseHits();
        app.UseStatusCodePages();
        app.UseRawTarget();
        app.UseRouting();
        app.UseApiKeys();
        app.UseLoadLimits();
        app.UseRouteDecoding();
        app.UseConditions();

        app.MapDefaultEndpoints();
        app.MapHealthAndMetrics();
        app.MapApiDescription();
        app.MapGroup("/v1")
            .MapEntries()
            .MapEntryBatches()
            .MapEntryScans()
            .MapLeases()
            .MapTags()
            .MapStocks()
            .MapMarkets()
            .MapSessions()
            .MapQuotas()
            .MapStatistics()
            .MapEvents();
        return app;
    }
}
