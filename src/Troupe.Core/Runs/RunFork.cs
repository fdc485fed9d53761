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

/// <param name="From"><c>failed</c>: everything that did not complete runs again. Or a task's key or id: that task and all that depends on it.</param>
public sealed record RerunRequest(string From, RerunOverrides? Overrides = null);

/// <summary>What the new run does differently.</summary>
public sealed record RerunOverrides
{
    /// <summary>Values that replace those of the earlier run's inputs.</summary>
    public JsonElement? Inputs { get; init; }

    /// <summary>Options of the new run, in place of all of the earlier one's.</summary>
    public RunOptions? Options { get; init; }

    /// <summary>New prompts by task key; templates where the old ones were.</summary>
    public IReadOnlyDictionary<string, string>? Prompts { get; init; }

    /// <summary>Other agents by task key.</summary>
    public IReadOnlyDictionary<string, string>? Agents { get; init; }
}

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
        var again = KeysToRun(plan, old, run, request, problems);
        plan = await OverrideAsync(await RenewAgentsAsync(plan, cancellationToken), request.Overrides, problems, cancellationToken);
        var options = request.Overrides?.Options ?? run.Options;
        plan = ForkCallbacks.Follow(plan, run.Options.CallbackUrl, options.CallbackUrl);
        problems.AddRange([.. RunOptionsValidator.Validate(options, "/overrides/options"), .. ForkCallbacks.Check(plan, options)]);
        if (problems.Count > 0)
            return (null, problems);
        var now = time.GetUtcNow();
        var forked = run with
        {
            Id = RunIds.New(now),
            Status = WorkStatus.Queued,
            User = caller.User,
            CreatedAt = now,
            StartedAt = null,
            CompletedAt = null,
            StartAt = options.StartAt,
            Options = options with { StartAfter = null },
            Plan = await plans.PutAsync(plan, cancellationToken),
            Inputs = await MergeInputsAsync(run.Inputs, request.Overrides?.Inputs, cancellationToken),
            Phases = [.. plan.Phases.Select(static phase => new PhaseRecord(phase.Id, phase.Title, phase.Weight))],
            Error = null,
            CancelRequestedAt = null,
            CancelReason = null,
            PauseRequested = false,
            ForkedFrom = run.Id,
            Usage = Usage.None,
            Revision = 0,
            Attention = null,
        };
        return (new ForkedRun(forked, [.. RunRows.TasksOf(forked, plan, now).SelectMany(task => Reuse(task, old, again))]), []);
    }

    /// <summary>A task to run again as it is; any other with the result that the earlier run left, a group with its items.</summary>
    private static IEnumerable<TaskRecord> Reuse(TaskRecord fresh, Dictionary<string, TaskRecord> old, HashSet<string> again)
    {
        var runsAgain = again.Contains(fresh.Key);
        yield return runsAgain ? fresh : Copy(old[fresh.Key], fresh.RunId);
        foreach (var item in old.Values.Where(task => task.Item is not null && task.Key.StartsWith(fresh.Key + ".", StringComparison.Ordinal)))
        {
            if (!runsAgain || (old[fresh.Key].Status != WorkStatus.Completed && item.Status == WorkStatus.Completed && !again.Contains("!" + fresh.Key)))
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

    private static HashSet<string> KeysToRun(Plan plan, Dictionary<string, TaskRecord> old, RunRecord run, RerunRequest request, List<Problem> problems)
    {
        var tasks = plan.Nodes.Where(static node => node.Task is not null).Select(static node => node.Key).ToHashSet(StringComparer.Ordinal);
        var again = tasks.Where(key => !old.TryGetValue(key, out var task) || task.Status is not (WorkStatus.Completed or WorkStatus.Skipped) || task.Error is not null).ToHashSet(StringComparer.Ordinal);
        if (request.From == "failed")
        {
            if (!run.Status.IsTerminal())
                problems.Add(new Problem($"The run '{run.Id}' has not ended yet. Cancel it first, or wait.", "/from"));
            else if (again.Count == 0)
                problems.Add(new Problem($"Nothing failed in the run '{run.Id}'. Name the task to run again from.", "/from"));
        }
        else
        {
            var key = request.From.StartsWith(run.Id + ":", StringComparison.Ordinal) ? request.From[(run.Id.Length + 1)..] : request.From;
            if (!tasks.Contains(key))
                problems.Add(new Problem($"The run '{run.Id}' has no task '{request.From}'. It has: {string.Join(", ", tasks)}.", "/from"));
            else
                again.Add("!" + key);
            again.Add(key);
        }

        AddDependents(plan, again);
        return again;
    }

    /// <summary>Whatever depends on something that runs again runs again.</summary>
    private static void AddDependents(Plan plan, HashSet<string> again)
    {
        var phases = plan.Nodes.Where(node => again.Contains(node.Key)).Select(static node => node.Phase).ToHashSet(StringComparer.Ordinal);
        bool changed;
        do
        {
            changed = false;
            foreach (var node in plan.Nodes.Where(node => !again.Contains(node.Key)))
            {
                if (!node.Needs.Any(again.Contains) && !node.AfterPhases.Any(phases.Contains))
                    continue;
                again.Add(node.Key);
                phases.Add(node.Phase);
                changed = true;
            }
        }
        while (changed);
    }

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
internal sealed record ForkedRun(RunRecord Run, IReadOnlyList<TaskRecord> Tasks);
