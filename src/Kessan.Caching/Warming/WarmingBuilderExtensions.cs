using Kessan.Caching;
using Kessan.Caching.Calendar;
using Kessan.Caching.Warming;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what fills the cache before anybody asks.</summary>
public static class WarmingBuilderExtensions
{
    /// <summary>
    /// Remembers hot keys in the store and loads them into L1 at the next start (<see cref="WarmingOptions"/>). Safe to call twice.
    /// </summary>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <param name="configure">Changes options after the configuration section <c>Kessan:Cache:Warming</c> was read.</param>
    public static KessanCachingBuilder AddWarming(this KessanCachingBuilder builder, Action<WarmingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<WarmingOptions, WarmingOptionsValidator>();
        services.AddSingleton<IConfigureOptions<WarmingOptions>>(provider => new ConfigureOptions<WarmingOptions>(
            options => provider.GetService<IConfiguration>()?.GetSection(WarmingOptions.SectionName).Bind(options)));
        if (configure is not null) services.PostConfigure(configure);

        if (services.Any(service => service.ServiceType == typeof(CacheWarmer))) return builder;
        services.AddSingleton(Warmer);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<CacheWarmer>());
        return builder;
    }

    /// <summary>Adds a warm-up source, and <see cref="AddWarming"/> with it.</summary>
    /// <param name="builder">What <c>AddKessanCaching()</c> returned.</param>
    /// <param name="name">What it is called in logs and reports; one source for each name.</param>
    /// <param name="source">Puts entries into the cache (through the services it is given) and tells how many.</param>
    /// <param name="schedule">When it runs. Default: at start only.</param>
    /// <example><code>
    /// builder.AddWarmup("prices", LoadPricesAsync, schedule => schedule.Times.Add(new TimeOnly(8, 55)));
    /// </code></example>
    public static KessanCachingBuilder AddWarmup(
        this KessanCachingBuilder builder, string name, Func<IServiceProvider, CancellationToken, Task<int>> source, Action<WarmupSchedule>? schedule = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        var times = new WarmupSchedule();
        schedule?.Invoke(times);

        foreach (var same in builder.Services.Where(service => service.ImplementationInstance is CacheWarmup warmup && warmup.Name == name).ToArray())
            builder.Services.Remove(same);
        builder.Services.AddSingleton(new CacheWarmup(name, source, times.AtStart, [.. times.Times], times.TradingDaysOnly));
        return builder.AddWarming();
    }

    private static CacheWarmer Warmer(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<WarmingOptions>>().Value;
        var calendar = provider.GetRequiredService<IOptions<MarketCalendarOptions>>().Value;
        var name = options.Name ?? provider.GetService<IHostEnvironment>()?.ApplicationName ?? "default";
        return new CacheWarmer(
            provider,
            new HotKeyMemory(provider.GetRequiredService<KessanHybridCache>(), provider.GetRequiredService<CacheEntries>(), name, options.HotKeys),
            provider.GetServices<CacheWarmup>(),
            options,
            new TokyoMarketCalendar(calendar.File is { } file ? MarketCalendarFile.Read(file) : null),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<CacheWarmer>>() ?? NullLogger<CacheWarmer>.Instance);
    }
}
