using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Templates.Rendering;
using Troupe.Core.Templates.Syntax;

namespace Troupe.Core.Templates;

/// <summary>A path to a list, as <c>for_each</c> takes it: <c>inputs.files</c>, <c>tasks.plan.result.steps</c>, <c>tasks.plan.result[0].parts</c>.</summary>
public sealed class PathExpression
{
    private readonly PathUse _path;

    private PathExpression(string text, PathUse path)
    {
        Text = text;
        _path = path;
    }

    public string Text { get; }

    /// <summary>The id of the task that it leads into, if any.</summary>
    public string? ReferencedTask => _path.Segments is ["tasks", var task, ..] ? task : null;

    public static bool TryParse(string text, [NotNullWhen(true)] out PathExpression? path, [NotNullWhen(false)] out string? error)
    {
        List<SyntaxProblem> problems = [];
        var trimmed = text.Trim();
        var use = trimmed.Length == 0 || trimmed[0] is '@' or '.' || trimmed.Any(char.IsWhiteSpace)
            ? null
            : PathParser.Parse(trimmed.Replace("[", ".[", StringComparison.Ordinal).Replace("..[", ".[", StringComparison.Ordinal), 0, 0, problems);
        path = use is { Segments.Count: > 0 } ? new PathExpression(trimmed, use) : null;
        error = path is not null ? null
            : $"\"{text}\" is not a path. Write one such as inputs.files or tasks.plan.result.steps, without braces.";
        return path is not null;
    }

    /// <summary>What is wrong with its names where these are known.</summary>
    public IReadOnlyList<Problem> Check(TemplateNames known) =>
        [.. NameChecker.Check([_path], known).Select(problem => new Problem(problem.Message))];

    /// <summary>The list that it leads to. Null counts as an empty list.</summary>
    /// <exception cref="TemplateException">There is no such value, or it is no list; the message says what was found.</exception>
    public IReadOnlyList<JsonElement> Evaluate(IReadOnlyDictionary<string, object?> context) => Find(context) switch
    {
        null => [],
        ValueList list => list.Elements(),
        var other => throw new TemplateException($"{Text} must be a list; found {TemplateValue.Describe(other)}."),
    };

    private object? Find(IReadOnlyDictionary<string, object?> context)
    {
        object? value = new ValueMap(context, new RenderBudget());
        for (var i = 0; i < _path.Segments.Count; i++)
            value = Step(value, _path.Segments[i], string.Join('.', _path.Segments.Take(i)));
        return value;
    }

    private object? Step(object? value, string segment, string soFar)
    {
        if (value is ValueMap map)
        {
            return map.TryGetValue(segment, out var member)
                ? member
                : throw new TemplateException($"{Text} leads nowhere: {(soFar.Length > 0 ? soFar : "the context")} has no \"{segment}\". {TemplateValue.Missing(segment, map)}");
        }

        if (value is ValueList list && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count)
            return list[index];
        throw new TemplateException($"{Text} leads nowhere: {soFar} is {TemplateValue.Describe(value)}, which has no \"{segment}\".");
    }
}
