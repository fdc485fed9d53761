namespace Troupe.Core.Templates;

/// <summary>The names that a template may use.</summary>
public sealed record TemplateNames
{
    /// <summary>What <c>run</c> has.</summary>
    public static readonly IReadOnlyList<string> RunMembers = ["id", "workflow", "user", "started_at", "date"];

    /// <summary>What <c>tasks.{id}</c> has.</summary>
    public static readonly IReadOnlyList<string> TaskMembers = ["result", "results", "status", "error"];

    public IReadOnlyCollection<string> Inputs { get; init; } = [];

    public IReadOnlyCollection<string> Tasks { get; init; } = [];

    /// <summary>Whether <c>run</c> is known.</summary>
    public bool Run { get; init; } = true;

    /// <summary>Whether <c>item</c> and <c>index</c> are known: in a task with <c>for_each</c>.</summary>
    public bool Item { get; init; }

    /// <summary>Further plain names, for example <c>result</c>.</summary>
    public IReadOnlyCollection<string> Others { get; init; } = [];

    internal IEnumerable<string> Roots()
    {
        if (Inputs.Count > 0)
            yield return "inputs";
        if (Tasks.Count > 0)
            yield return "tasks";
        if (Run)
            yield return "run";
        if (Item)
        {
            yield return "item";
            yield return "index";
        }

        foreach (var other in Others)
            yield return other;
    }
}
