namespace Troupe.Core.Definitions.Reading;

/// <summary>Collects problems and finds the place in the source for each.</summary>
/// <param name="prefix">Put before every pointer, for sources that are part of a larger document.</param>
internal sealed class ProblemLog(SourceNode root, string? file, string prefix = "")
{
    /// <summary>Then the reader stops looking: a hostile text can't make it work for long.</summary>
    private const int MaxProblems = 100;

    private readonly List<Problem> _problems = [];

    public bool IsEmpty => _problems.Count == 0;

    public void Add(string message, string pointer) => Add(message, pointer, SourcePointer.Resolve(root, pointer).Mark);

    /// <exception cref="TooManyProblemsException">There are too many to go on.</exception>
    public void Add(string message, string pointer, Mark? mark)
    {
        _problems.Add(new Problem(message, prefix + pointer, file, mark?.Line, mark?.Column));
        if (_problems.Count >= MaxProblems)
            throw new TooManyProblemsException();
    }

    /// <summary>Adds a problem found inside a text, such as a template; its line and column count from the text's beginning.</summary>
    public void AddInText(Problem problem, string pointer)
    {
        var node = SourcePointer.Resolve(root, pointer);
        var layout = (node as ScalarNode)?.Layout;
        if (layout is not null && problem.Line is { } line && (line == 1 || layout.Column > 0))
            Add(problem.Message, pointer, layout.Locate(line, problem.Column ?? 1));
        else if (problem.Line is not null)
            Add($"{problem.Message} (line {problem.Line}, column {problem.Column} of the text)", pointer, node.Mark);
        else
            Add(problem.Message, pointer, node.Mark);
    }

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<Problem> ToList() => [.. _problems.OrderBy(problem => problem.Line ?? 0).ThenBy(problem => problem.Column ?? 0)];
}

internal sealed class TooManyProblemsException : Exception;
