namespace Kessan.CacheHost.Events;

internal static class EventRegistration
{
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EventOptions, EventOptionsValidator>().BindConfiguration(EventOptions.Path);
        services.AddSingleton<EventLog>();
        services.AddHostedService(static provider => provider.GetRequiredService<EventLog>());
    }
}
