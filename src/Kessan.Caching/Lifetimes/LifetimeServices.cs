using System.Diagnostics.CodeAnalysis;
using Kessan.Caching.Calendar;
using Kessan.Caching.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kessan.Caching.Lifetimes;

/// <summary>Registers keys, lifetimes and the market calendar; part of <c>AddKessanCaching()</c>.</summary>
internal static class LifetimeServices
{
    /// <summary>Adds <see cref="CacheKeyBuilder"/> and <see cref="CacheTtlPolicy"/> with their options; safe to call twice.</summary>
    internal static IServiceCollection AddKessanLifetimes(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        AddOptions<CacheKeyOptions, CacheKeyOptionsValidator>(services, CacheKeyOptions.SectionName, (section, options)
            => section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true));
        AddOptions<CacheLifetimeOptions, CacheLifetimeOptionsValidator>(services, CacheLifetimeOptions.SectionName, (section, options)
            => section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true));
        AddOptions<MarketCalendarOptions, MarketCalendarOptionsValidator>(services, MarketCalendarOptions.SectionName, (section, options)
            => section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true));

        services.TryAddSingleton(provider => new CacheKeyBuilder(provider.GetRequiredService<IOptions<CacheKeyOptions>>().Value.ToVersions()));
        services.TryAddSingleton(provider => new CacheTtlPolicy(provider.GetRequiredService<IOptions<CacheLifetimeOptions>>().Value, Market(provider)));
        return services;
    }

    // The configuration is optional: a bare ServiceCollection, as in a test, gets the documented table.
    private static void AddOptions<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TValidator>(
        IServiceCollection services, string sectionName, Action<IConfiguration, TOptions> bind)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        if (services.Any(service => service.ServiceType == typeof(IValidateOptions<TOptions>) && service.ImplementationType == typeof(TValidator))) return;

        services.AddOptionsWithValidateOnStart<TOptions, TValidator>();
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => new ConfigureOptions<TOptions>(options =>
        {
            if (provider.GetService<IConfiguration>() is { } configuration) Bind(configuration.GetSection(sectionName), section => bind(section, options));
        }));
    }

    // A misspelt name is an error of the binder that does not say where it stands.
    private static void Bind(IConfigurationSection section, Action<IConfiguration> bind)
    {
        try
        {
            bind(section);
        }
        catch (InvalidOperationException exception) when (!exception.Message.Contains(section.Path, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{section.Path}: {exception.Message}", exception);
        }
    }

    private static MarketLifetimes? Market(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<MarketCalendarOptions>>().Value;
        return options.Enabled
            ? new MarketLifetimes(
                new TokyoMarketCalendar(options.File is { } file ? MarketCalendarFile.Read(file) : null),
                provider.GetRequiredService<TimeProvider>(), options, provider.GetService<IEarningsCalendar>())
            : null;
    }
}
