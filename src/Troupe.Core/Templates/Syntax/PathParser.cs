namespace Troupe.Core.Templates.Syntax;

/// <summary>Takes a path such as <c>../inputs.topic</c>, <c>tasks.plan.result.[0].name</c> or <c>@root.run.id</c> apart.</summary>
internal static class PathParser
{
    private const int MaxLength = 500;
    private static readonly string[] LoopValues = ["@index", "@key", "@value", "@first", "@last"];

    /// <summary>Null where it names no value of the context (a loop's own, such as <c>@index</c>) or is ill-formed, which is then a problem.</summary>
    public static PathUse? Parse(string text, int offset, int scope, List<SyntaxProblem> problems)
    {
        if (text.Length > MaxLength)
            return Fail($"A path is longer than {MaxLength} characters.");
        var rest = text;
        if (LoopValues.Contains(text, StringComparer.Ordinal))
            return scope > 0 ? null : Fail($"{text} exists only inside {{{{#each}}}}.");
        if (rest.StartsWith("@root", StringComparison.Ordinal))
        {
            scope = 0;
            rest = rest[5..].TrimStart('.', '/');
        }
        else if (rest[0] == '@')
        {
            return Fail($"There is no {text}. There are @root, and inside {{{{#each}}}} {string.Join(", ", LoopValues)}.");
        }

        while (rest.StartsWith("../", StringComparison.Ordinal) || rest == "..")
        {
            if (--scope < 0)
                return Fail("../ leads out of the template: it goes one {{#each}} or {{#with}} outwards, and there is none left.");
            rest = rest.Length > 3 ? rest[3..] : "";
        }

        if (rest.StartsWith("./", StringComparison.Ordinal))
            rest = rest[2..];
        var segments = Split(rest);
        if (segments is null)
            return Fail($"\"{text}\" is not a path such as inputs.topic, tasks.plan.result or items.[0].");
        if (segments is ["this", ..])
            segments.RemoveAt(0);
        return new PathUse(text, offset, segments, scope);

        PathUse? Fail(string message)
        {
            problems.Add(new SyntaxProblem(message, offset));
            return null;
        }
    }

    private static List<string>? Split(string path)
    {
        List<string> segments = [];
        var i = 0;
        while (i < path.Length)
        {
            var bracket = path[i] == '[';
            var end = bracket ? path.IndexOf(']', i) : path.AsSpan(i).IndexOfAny('.', '/') is var d and >= 0 ? i + d : path.Length;
            if (end < 0)
                return null;
            var segment = bracket ? path[(i + 1)..end] : path[i..end];
            if (segment.Length == 0 || (!bracket && !segment.All(IsNameCharacter)))
                return null;
            segments.Add(segment);
            i = bracket ? end + 1 : end;
            if (i < path.Length && path[i] is not ('.' or '/'))
                return null;
            i++;
            if (i == path.Length)
                return null;
        }

        return segments;
    }

    private static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '$' or ':';
}
