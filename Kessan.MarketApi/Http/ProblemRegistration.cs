namespace Kessan.MarketApi.Http;

/// <summary>Every failure is a problem with a stable type, in every environment: also what the framework finds before an endpoint runs.</summary>
internal static class ProblemRegistration
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(static options => options.CustomizeProblemDetails = static context => Problems.Name(context.ProblemDetails));
        services.AddExceptionHandler<SourceExceptionHandler>();
        // In Development parameters that cannot be read would throw; a client there is to see what it will see elsewhere.
        return services.PostConfigure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = false);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // What the server itself finds wrong with a request knows its status.
            StatusCodeSelector = static exception =>
                exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
    }
}
