using System.Text.Json.Nodes;
using Troupe.Core.Artifacts;
using Troupe.Core.Json;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Approvals;

/// <summary>The edits of approvers that hold for a task: those of the gates that lie before it. The run's row has them before the gate lets anything pass.</summary>
internal static class RunEdits
{
    /// <summary>The run as that node sees it, and its prompt.</summary>
    public static async Task<(RunRecord Run, Content Prompt)> ApplyAsync(
        RunRecord run, Plan plan, PlanNode node, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        var prompt = node.Task!.Prompt;
        var edits = For(run, plan, node.Key);
        if (edits.Count == 0)
            return (run, prompt);
        return (run with { Inputs = await MergeAsync(run.Inputs, edits, artifacts, cancellationToken) }, PromptOf(node.Key, edits) ?? prompt);
    }

    /// <summary>In the order in which they were made: the last one of a thing holds.</summary>
    public static IReadOnlyList<Edit> For(RunRecord run, Plan plan, string node)
    {
        if (run.Edits.Count == 0)
            return [];
        var before = PlanPaths.Before(plan, node);
        return [.. run.Edits.Where(edits => edits.Gate == node || before.Contains(edits.Gate)).SelectMany(static edits => edits.Changes)];
    }

    public static Content? PromptOf(string task, IReadOnlyList<Edit> edits) =>
        edits.LastOrDefault(edit => edit.Kind == EditKind.Prompt && edit.Name == task)?.After;

    /// <summary>The inputs with what was changed, as JSON text held inline.</summary>
    public static async Task<Content> MergeAsync(Content inputs, IReadOnlyList<Edit> edits, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        if (!edits.Any(static edit => edit.Kind == EditKind.Input))
            return inputs;
        var merged = JsonNode.Parse(await artifacts.ReadTextAsync(inputs, cancellationToken))!.AsObject();
        foreach (var edit in edits.Where(static edit => edit.Kind == EditKind.Input))
            merged[edit.Name] = JsonNode.Parse(await artifacts.ReadTextAsync(edit.After, cancellationToken));
        return Content.Inline(merged.ToJsonString(TroupeJson.Options));
    }

    /// <summary>The run's edits with those of one more gate; a gate asked again replaces what it said before.</summary>
    public static RunRecord Add(RunRecord run, GateEdits edits) =>
        run.Edits.Any(known => known.Gate == edits.Gate && known.At == edits.At && known.User == edits.User)
            ? run
            : run with { Edits = [.. run.Edits.Where(known => known.Gate != edits.Gate), edits] };
}
