using Troupe.Core.Definitions;

namespace Troupe.Web.Errors;

/// <summary>One thing wrong, as answers tell it.</summary>
/// <param name="Detail">What was found and what to do.</param>
/// <param name="Pointer">A JSON pointer into the body, or <c>?name</c> of a query parameter; empty for the whole.</param>
internal sealed record ProblemBody(string Detail, string Pointer, string? File = null, int? Line = null, int? Column = null)
{
    public static ProblemBody Of(Problem problem) =>
        new(problem.Message, problem.Pointer, problem.File is null ? null : Path.GetFileName(problem.File), problem.Line, problem.Column);
}
