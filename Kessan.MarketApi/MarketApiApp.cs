using System.Text.Json;
using Kessan.MarketApi.Analysis;
using Kessan.MarketApi.Callers;
using Kessan.MarketApi.Financials;
using Kessan.MarketApi.Health;
using Kessan.MarketApi.Http;
using Kessan.MarketApi.Markets;
using Kessan.MarketApi.News;
using Kessan.MarketApi.Page;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Sessions;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi;

/// <summary>The market API: a sample service for Tokyo stocks over the cache service.</summary>
public static class MarketApiApp
{
    /// <summary>Builds the application; <c>Program</c>, Standalone and the tests all start it from here.</summary>
    /// <param name="args">The command line, as for any ASP.NET Core program.</param>
    /// <param name="configure">The last word on configuration and services.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(MarketApiApp).Assembly.GetName().Name,
        });
        builder.AddServiceDefaults();
        builder.AddCacheHealth();
        AddHttp(builder.Services);
        builder.Services.AddMarketCache();
        builder.Services.AddCallers();
        builder.Services.AddMarketSources();
        builder.Services.AddAnalysis();
        builder.Services.AddPage();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseProblems();
        app.UsePage();

        app.MapDefaultEndpoints();
        app.MapOpenApi();
        var api = app.MapGroup("").RequireQuota();
        api.MapStocks();
        api.MapPrices();
        api.MapHistory();
        api.MapFinancials();
        api.MapNews();
        api.MapAnalysis();
        api.MapMarkets();
        api.MapSessions();
        return app;
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddProblems();
        services.AddOpenApi();
        services.ConfigureHttpJsonOptions(static options =>
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
    }
}
