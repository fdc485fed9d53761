namespace Troupe.Web.Errors;

/// <summary>Ends a request with a problem, from wherever it was found.</summary>
internal sealed class ApiException(ApiProblem problem) : Exception(problem.Detail)
{
    public ApiProblem Problem { get; } = problem;
}
