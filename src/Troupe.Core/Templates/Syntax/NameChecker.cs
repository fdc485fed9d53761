using Troupe.Core.Definitions;

namespace Troupe.Core.Templates.Syntax;

/// <summary>Compares the paths of a template with the names that exist where it is rendered.</summary>
internal static class NameChecker
{
    public static IEnumerable<SyntaxProblem> Check(IEnumerable<PathUse> paths, TemplateNames known)
    {
        foreach (var path in paths)
        {
            var message = path.Scope == 0 ? CheckRoot(path, known) : CheckInner(path, known);
            if (message is not null)
                yield return new SyntaxProblem(message, path.Offset);
        }
    }

    private static string? CheckRoot(PathUse path, TemplateNames known) => path.Segments switch
    {
        [] => $"\"{path.Text}\" stands for everything; name what is meant, for example inputs.topic.",
        ["inputs", var input, ..] => Member("input", input, known.Inputs),
        ["tasks"] => "\"tasks\" alone has no value; name a task, for example tasks.plan.result.",
        ["tasks", var task] => $"\"tasks.{task}\" alone has no value; write tasks.{task}.result.",
        ["tasks", var task, var member, ..] =>
            Member("task", task, known.Tasks) ?? Member($"value of tasks.{task}", member, TemplateNames.TaskMembers),
        ["run"] => $"\"run\" alone has no value; there is run.{string.Join(", run.", TemplateNames.RunMembers)}.",
        ["run", var member, ..] when known.Run => Member("value of run", member, TemplateNames.RunMembers),
        ["item" or "index", ..] when !known.Item => $"\"{path.Segments[0]}\" exists only in a task with for_each.",
        [var root, ..] => root == "inputs" ? null : Member("name", root, [.. known.Roots()]),
    };

    /// <summary>Inside a block names belong to its value, which nobody knows; but a name of the root there is surely an oversight.</summary>
    private static string? CheckInner(PathUse path, TemplateNames known)
    {
        var meant = path.Segments switch
        {
            ["inputs", var input, ..] => known.Inputs.Contains(input),
            ["tasks", var task, _, ..] => known.Tasks.Contains(task),
            ["run", var member] => known.Run && TemplateNames.RunMembers.Contains(member),
            _ => false,
        };
        return meant && !path.Text.StartsWith("this", StringComparison.Ordinal)
            ? $"Inside {{{{#each}}}} and {{{{#with}}}} names belong to the value of the block; write @root.{path.Text}."
            : null;
    }

    private static string? Member(string kind, string name, IReadOnlyCollection<string> names)
    {
        if (names.Contains(name))
            return null;
        var list = names.Count == 0 ? "There is none." : $"There is: {string.Join(", ", names.Order(StringComparer.Ordinal).Take(20))}.";
        return $"There is no {kind} \"{name}\" here. {Suggestion.For(name, names)}{list}";
    }
}
