namespace Kessan.CacheHost.Problems;

internal static class ProblemRegistration
{
    /// <summary>Every failure is answered with an RFC 9457 problem.</summary>
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddSingleton<ProblemWriter>();
        services.AddExceptionHandler<ProblemHandler>();
    }
}
