using System.Text.Json;
using System.Text.Json.Nodes;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Launching;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>Prepares runs that reuse the finished tasks of an earlier one.</summary>
public sealed class RunFork(IRunStore runs, IArtifactStore artifacts, PlanCache plans, IAgentCatalog agents, TimeProvider time)
{
    internal async Task<(ForkedRun? Forked, IReadOnlyList<Problem> Problems)> PrepareAsync(
        RunRecord run, RerunRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var old = new Dictionary<string, TaskRecord>(StringComparer.Ordinal);
        await foreach (var task in runs.AllTasksAsync(run.Id, cancellationToken))
            old[task.Key] = task;
        var again = Again.Of(plan, old, run, request, problems);
        plan = await OverrideAsync(await RenewAgentsAsync(plan, cancellationToken), request.Overrides, problems, cancellationToken);
        var options = request.Overrides?.Options is { } others ? OptionsMerger.ForRun(run.Options with { StartAt = null, StartAfter = null }, others) : run.Options;
        plan = ForkOptions.HandDown(plan, run, options);
        problems.AddRange([.. RunOptionsValidator.Validate(options, "/overrides/options"), .. ForkOptions.Check(plan, options)]);
        if (problems.Count > 0)
            return (null, problems);
        var now = time.GetUtcNow();
        var callbacks = CallbackTokens.Mint(plan);
        var forked = run with
        {
            Id = RunIds.New(now),
            Status = WorkStatus.Queued,
            User = caller.User,
            CreatedAt = now,
            StartedAt = null,
            CompletedAt = null,
            StartAt = request.Overrides?.Options is { StartAfter: { } wait } ? now + wait : options.StartAt,
            Options = options,
            Plan = await plans.PutAsync(plan, cancellationToken),
            Inputs = await MergeInputsAsync(run.Inputs, request.Overrides?.Inputs, cancellationToken),
            Phases = [.. plan.Phases.Select(static phase => new PhaseRecord(phase.Id, phase.Title, phase.Weight))],
            Edits = KeptEdits(run.Edits, request.Overrides),
            CallbackTokens = callbacks.Hashes,
            Error = null,
            CancelRequestedAt = null,
            CancelReason = null,
            PauseRequested = false,
            ForkedFrom = run.Id,
            Usage = Usage.None,
            Revision = 0,
            Attention = null,
        };
        return (new ForkedRun(forked, [.. RunRows.TasksOf(forked, plan, now).SelectMany(task => Reuse(task, old, again))], callbacks), []);
    }

    /// <summary>A task to run again as it is; any other with the result that the earlier run left, a group with its items.</summary>
    private static IEnumerable<TaskRecord> Reuse(TaskRecord fresh, Dictionary<string, TaskRecord> old, Again again)
    {
        var runsAgain = again.Keys.Contains(fresh.Key);
        yield return runsAgain ? fresh : Copy(old[fresh.Key], fresh.RunId);
        var continues = again.Continued.Contains(fresh.Key);
        foreach (var item in old.Values.Where(task => task.Item is not null && task.Key.StartsWith(fresh.Key + ".", StringComparison.Ordinal)))
        {
            if (!runsAgain || (continues && item.Status == WorkStatus.Completed))
                yield return Copy(item, fresh.RunId);
        }
    }

    private static TaskRecord Copy(TaskRecord task, string runId) => task with
    {
        Id = RunIds.Child(runId, task.Key),
        RunId = runId,
        ReusedFrom = task.ReusedFrom ?? task.Id,
        Usage = Usage.None,
        Revision = 0,
    };

    /// <summary>A fork is a run that begins now, so its agents are today's; one that is gone stays as the earlier run had it.</summary>
    private async Task<Plan> RenewAgentsAsync(Plan plan, CancellationToken cancellationToken)
    {
        var renewed = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal);
        foreach (var (name, agent) in plan.Agents)
            renewed[name] = await agents.FindAsync(name, cancellationToken) ?? agent;
        return plan with { Agents = renewed };
    }

    private async Task<Plan> OverrideAsync(Plan plan, RerunOverrides? overrides, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (overrides is null)
            return plan;
        var nodes = plan.Nodes.ToList();
        var known = new Dictionary<string, AgentDefinition>(plan.Agents, StringComparer.Ordinal);
        foreach (var (key, prompt) in overrides.Prompts ?? new Dictionary<string, string>())
        {
            var content = await artifacts.ToContentAsync(prompt, cancellationToken);
            Replace(nodes, key, "/overrides/prompts/" + key, problems, task => task with { Prompt = content });
        }

        foreach (var (key, name) in overrides.Agents ?? new Dictionary<string, string>())
        {
            if (await agents.FindAsync(name, cancellationToken) is not { } agent)
            {
                problems.Add(new Problem($"There is no agent '{name}'.", "/overrides/agents/" + key));
                continue;
            }

            known[name] = agent;
            Replace(nodes, key, "/overrides/agents/" + key, problems, task => task with { Agent = name });
        }

        return plan with { Nodes = nodes, Agents = known };
    }

    /// <summary>What approvers changed stays, but for what this rerun says itself.</summary>
    private static IReadOnlyList<GateEdits> KeptEdits(IReadOnlyList<GateEdits> edits, RerunOverrides? overrides) =>
        [.. edits.Select(made => made with { Changes = [.. made.Changes.Where(edit => !IsOverridden(edit, overrides))] })];

    private static bool IsOverridden(Edit edit, RerunOverrides? overrides) => edit.Kind == EditKind.Prompt
        ? overrides?.Prompts?.ContainsKey(edit.Name) == true
        : overrides?.Inputs is { ValueKind: JsonValueKind.Object } inputs && inputs.TryGetProperty(edit.Name, out _);

    private static void Replace(List<PlanNode> nodes, string key, string pointer, List<Problem> problems, Func<TaskPlan, TaskPlan> change)
    {
        var index = nodes.FindIndex(node => node.Key == key && node.Task is not null);
        if (index < 0)
            problems.Add(new Problem($"The run has no task '{key}'.", pointer));
        else
            nodes[index] = nodes[index] with { Task = change(nodes[index].Task!) };
    }

    private async Task<Content> MergeInputsAsync(Content inputs, JsonElement? overrides, CancellationToken cancellationToken)
    {
        if (overrides is not { ValueKind: JsonValueKind.Object } changes)
            return inputs;
        var merged = JsonNode.Parse(await artifacts.ReadTextAsync(inputs, cancellationToken))!.AsObject();
        foreach (var change in changes.EnumerateObject())
            merged[change.Name] = JsonNode.Parse(change.Value.GetRawText());
        return await artifacts.ToContentAsync(merged.ToJsonString(TroupeJson.Options), cancellationToken, "application/json");
    }
}

/// <summary>The rows of a run that reuses an earlier one's results.</summary>
internal sealed record ForkedRun(RunRecord Run, IReadOnlyList<TaskRecord> Tasks, CallbackTokens Callbacks);
