using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Templates.Rendering;
using Troupe.Core.Templates.Syntax;

namespace Troupe.Core.Templates;

/// <summary>
/// Prompts and conditions: Handlebars without partials, decorators, HTML escaping and any access to files, code or .NET members.
/// What is inserted is never a template itself.
/// </summary>
public static class Template
{
    /// <summary>The longest rendered text: 16 Mi characters.</summary>
    public const int MaxLength = 16 << 20;

    private const int MaxProblems = 20;
    private static readonly string[] Falsy = ["", "false", "no", "0"];

    /// <summary>What is wrong with the template's syntax and names; line and column are inside the template.</summary>
    public static IReadOnlyList<Problem> Check(string template, TemplateNames known)
    {
        var syntax = TemplateParser.Parse(template);
        var problems = syntax.Problems.Count > 0 ? syntax.Problems : NameChecker.Check(syntax.Paths, known);
        return [.. problems.Take(MaxProblems).Select(problem => ToProblem(problem, template))];
    }

    /// <summary>Renders; see <see cref="TemplateContext"/> for the context of runs.</summary>
    /// <exception cref="TemplateException">The syntax is wrong, a name has no value, or the text grows beyond the limit.</exception>
    public static string Render(string template, IReadOnlyDictionary<string, object?> context, int maxLength = MaxLength) =>
        CompiledTemplate.Of(template).Render(context, maxLength);

    /// <summary>Renders over the members of a JSON object.</summary>
    /// <exception cref="TemplateException">As above.</exception>
    public static string Render(string template, JsonElement context, int maxLength = MaxLength) =>
        Render(template, context.EnumerateObject().ToDictionary(member => member.Name, object? (member) => member.Value, StringComparer.Ordinal), maxLength);

    /// <summary>Whether a condition's text means yes: anything but nothing, <c>false</c>, <c>no</c> and <c>0</c>.</summary>
    public static bool IsTruthy(string rendered) => !Falsy.Contains(rendered.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The ids used as <c>tasks.{id}</c>, each once, in order of appearance; nothing where the syntax is wrong.</summary>
    public static IReadOnlyList<string> ReferencedTasks(string template) =>
        [.. TemplateParser.Parse(template).Paths
            .Where(path => path is { Scope: 0, Segments: ["tasks", _, ..] })
            .Select(path => path.Segments[1]).Distinct(StringComparer.Ordinal)];

    private static Problem ToProblem(SyntaxProblem problem, string template)
    {
        var (line, column) = TextPosition.Of(template, problem.Offset);
        return new Problem(problem.Message, Line: line, Column: column);
    }
}
