using System.ClientModel;
using System.ClientModel.Primitives;
using Kessan.MarketApi.Prices;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenAI;

namespace Kessan.MarketApi.Analysis;

internal static class AnalysisRegistration
{
    /// <summary>Adds analyses, and the model that comments on them if an endpoint is configured.</summary>
    public static IServiceCollection AddAnalysis(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AnalysisOptions, AnalysisOptionsValidator>().BindConfiguration(AnalysisOptions.Section);
        services.TryAddSingleton(static provider => new Analyst(
            provider.GetRequiredService<IPriceSource>(),
            provider.GetRequiredService<IStockDirectory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Analyst>>(),
            CreateCommentator(provider)));
        return services;
    }

    private static ChatCommentator? CreateCommentator(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<AnalysisOptions>>();
        return options.Value.Endpoint is null
            ? null
            : new ChatCommentator(CreateClient(options.Value), options, provider.GetRequiredService<TimeProvider>());
    }

    private static IChatClient CreateClient(AnalysisOptions options) =>
        new OpenAIClient(
            // Servers without keys still want the header to be there.
            new ApiKeyCredential(string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey),
            new OpenAIClientOptions
            {
                Endpoint = options.Endpoint,
                NetworkTimeout = options.Timeout,
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // the computed part is good enough meanwhile
            })
        .GetChatClient(options.Model).AsIChatClient();
}
