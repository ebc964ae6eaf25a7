namespace Kessan.CacheHost.Problems;

/// <summary>Carries a problem from where it is found to the <see cref="ProblemHandler"/>.</summary>
internal sealed class RequestProblemException(RequestProblem problem) : Exception(problem.Detail)
{
    public RequestProblem Problem { get; } = problem;
}
