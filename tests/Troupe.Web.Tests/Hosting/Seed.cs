using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Web.Tests.Hosting;

/// <summary>Puts records into the stores as a run would leave them.</summary>
internal static class Seed
{
    public static async Task<RunRecord> RunAsync(this TestApp app, string id, WorkStatus status = WorkStatus.Running, Plan? plan = null, params TaskRecord[] tasks)
    {
        plan ??= PlanOf("generalist", tasks.Length == 0 ? ["task"] : [.. tasks.Select(task => task.Key)]);
        var run = new RunRecord
        {
            Id = id,
            Kind = RunKind.Workflow,
            Name = "seeded",
            Status = status,
            User = "local",
            CreatedAt = app.Time.GetUtcNow(),
            Options = new RunOptions(),
            Plan = await app.Services.GetRequiredService<PlanCache>().PutAsync(plan, default),
            Inputs = Content.Inline("{}"),
            TaskCount = tasks.Length,
            Phases = [.. plan.Phases.Select(phase => new PhaseRecord(phase.Id, phase.Title, phase.Weight, status))],
        };
        await app.Stores.Runs.TryCreateAsync(new NewRun(run, tasks, [Event(EventTypes.RunQueued)]), default);
        return run;
    }

    public static TaskRecord Task(this TestApp app, string runId, string key, WorkStatus status, Func<TaskRecord, TaskRecord>? change = null)
    {
        var task = new TaskRecord
        {
            Id = RunIds.Child(runId, key),
            RunId = runId,
            Key = key,
            Title = $"Title of {key}",
            Phase = "tasks",
            Ordinal = 0,
            Agent = "generalist",
            Status = status,
            CreatedAt = app.Time.GetUtcNow(),
            Weight = 1,
            MaxAttempts = 4,
        };
        return change is null ? task : change(task);
    }

    public static Plan PlanOf(string agent, params string[] keys) => new()
    {
        Name = "seeded",
        Phases = [new PlanPhase("tasks", "Tasks", 1, [])],
        Nodes = [.. keys.Select(key => Node(key, "tasks", agent))],
        Agents = new Dictionary<string, Core.Agents.AgentDefinition> { [agent] = FakeAgents.Make(agent) },
        ResultKey = keys[^1],
    };

    public static PlanNode Node(string key, string phase, string agent = "generalist") => new()
    {
        Key = key,
        Kind = PlanNodeKind.Task,
        Phase = phase,
        Title = key,
        Task = new TaskPlan { Agent = agent, Prompt = Content.Inline("x"), Options = new RunOptions() },
    };

    public static NewEvent Event(string type, string? taskId = null, object? data = null) =>
        new(type, taskId, JsonSerializer.SerializeToElement(data ?? new { }));

    public static Task AppendAsync(this TestApp app, string runId, params NewEvent[] events) =>
        app.Stores.Events.AppendAsync(runId, events, default);

    public static async Task EndAsync(this TestApp app, string runId, WorkStatus status, string type) =>
        await app.Stores.Runs.UpdateRunAsync(runId, new Change<RunRecord>(run => run with { Status = status }, Events: [Event(type)]), default);

    public static async Task ChangeTaskAsync(this TestApp app, string taskId, Func<TaskRecord, TaskRecord> change) =>
        await app.Stores.Runs.UpdateTaskAsync(taskId, new Change<TaskRecord>(change, Events: [Event(EventTypes.TaskProgress, taskId)]), default);
}
