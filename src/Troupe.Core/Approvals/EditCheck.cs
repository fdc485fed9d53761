using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Templates;

namespace Troupe.Core.Approvals;

/// <summary>Checks an approver's edits against the plan and makes the difference of them that is recorded.</summary>
public sealed class EditCheck(IRunStore runs, IArtifactStore artifacts, PlanCache plans, TimeProvider time)
{
    private const string Prompts = "/edits/prompts";
    private const string Inputs = "/edits/inputs";

    /// <summary>The edits, null where they change nothing; or everything wrong with them, with its place in the request.</summary>
    internal async Task<(GateEdits? Edits, IReadOnlyList<Problem> Problems)> CheckAsync(
        GateRecord gate, WantedEdits wanted, string user, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(gate.RunId, cancellationToken) is not { } run)
            return (null, [new Problem("The run of this gate is gone.", "/edits")]);
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var behind = plan.Nodes.Any(node => node.Key == gate.Key) ? PlanPaths.Behind(plan, gate.Key) : [];
        if (behind.Count == 0)
            return (null, [new Problem("Nothing runs after this gate that could be edited.", "/edits")]);
        var held = RunEdits.For(run, plan, gate.Key);
        List<Problem> problems = [];
        List<Edit> changes = [];
        foreach (var (task, text) in wanted.Prompts ?? new Dictionary<string, string>(StringComparer.Ordinal))
            changes.AddRange(await PromptAsync(plan, behind, held, task, text, problems, cancellationToken));
        var inputs = await RunEdits.MergeAsync(run.Inputs, held, artifacts, cancellationToken);
        changes.AddRange(await InputsAsync(plan, inputs, wanted.Inputs, problems, cancellationToken));
        return problems.Count > 0 || changes.Count == 0 ? (null, problems) : (new GateEdits(gate.Key, user, time.GetUtcNow(), changes), []);
    }

    private async Task<IEnumerable<Edit>> PromptAsync(
        Plan plan, HashSet<string> behind, IReadOnlyList<Edit> held, string key, string text, List<Problem> problems, CancellationToken cancellationToken)
    {
        var place = JsonPointer.Append(Prompts, key);
        if (plan.Nodes.FirstOrDefault(node => node.Key == key && behind.Contains(key)) is not { Task: { } task } node)
        {
            var tasks = plan.Nodes.Where(one => one.Task is not null && behind.Contains(one.Key)).Select(static one => one.Key);
            problems.Add(new Problem($"No task '{key.Shorten(100)}' runs after this gate. There are: {string.Join(", ", tasks.Take(20))}.", place));
            return [];
        }

        var known = problems.Count;
        if (string.IsNullOrWhiteSpace(text))
            problems.Add(new Problem("A prompt must not be empty.", place));
        else if (task.IsTemplate)
            problems.AddRange(CheckTemplate(plan, node, text).Select(problem => problem with { Pointer = place }));
        if (problems.Count > known)
            return [];
        var before = RunEdits.PromptOf(key, held) ?? task.Prompt;
        var after = await artifacts.ToContentAsync(text, cancellationToken);
        return before == after ? [] : [new Edit(EditKind.Prompt, key, before, after)];
    }

    private static IEnumerable<Problem> CheckTemplate(Plan plan, PlanNode node, string text)
    {
        var names = new TemplateNames
        {
            Inputs = [.. plan.Inputs.Select(static input => input.Name)],
            Tasks = [.. plan.Nodes.Where(static one => one.Task is not null).Select(static one => one.Key)],
            Item = node.Kind == PlanNodeKind.ForEach,
        };
        var problems = Template.Check(text, names);
        if (problems.Count > 0)
            return problems;
        var before = PlanPaths.Before(plan, node.Key);
        return Template.ReferencedTasks(text).Where(task => !before.Contains(task))
            .Select(task => new Problem($"The prompt of '{node.Key}' uses the result of '{task}', which may not be finished by then."));
    }

    private async Task<IReadOnlyList<Edit>> InputsAsync(
        Plan plan, Content inputs, JsonElement? wanted, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (wanted is not { ValueKind: JsonValueKind.Object } values)
            return [];
        var old = JsonElement.Parse(await artifacts.ReadTextAsync(inputs, cancellationToken));
        List<Edit> changes = [];
        foreach (var value in values.EnumerateObject())
        {
            if (Problem(plan, value) is { } problem)
            {
                problems.Add(new Problem(problem, JsonPointer.Append(Inputs, value.Name)));
                continue;
            }

            var before = old.TryGetProperty(value.Name, out var known) ? known : JsonElement.Parse("null");
            if (!JsonElement.DeepEquals(before, value.Value))
                changes.Add(new Edit(EditKind.Input, value.Name, await JsonAsync(before, cancellationToken), await JsonAsync(value.Value, cancellationToken)));
        }

        return changes;
    }

    private Task<Content> JsonAsync(JsonElement value, CancellationToken cancellationToken) =>
        artifacts.ToContentAsync(value.GetRawText(), cancellationToken, "application/json");

    private static string? Problem(Plan plan, JsonProperty value)
    {
        if (plan.Inputs.FirstOrDefault(input => input.Name == value.Name) is not { } input)
            return $"The run has no input '{value.Name.Shorten(100)}'. Inputs: {string.Join(", ", plan.Inputs.Select(static one => one.Name))}.";
        if (value.Value.ValueKind == JsonValueKind.Null)
            return input.Required ? $"The input '{input.Name}' is required." : null;
        return InputBinder.Check(input, value.Value) is { } wrong ? $"The input '{input.Name}' must be {wrong}." : null;
    }
}
