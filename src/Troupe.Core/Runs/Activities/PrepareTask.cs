using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Approvals;
using Troupe.Core.Artifacts;
using Troupe.Core.Concurrency;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Templates;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Decides whether a task runs, renders its prompt and marks it as running.</summary>
public sealed class PrepareTask(IRunStore runs, IArtifactStore artifacts, PlanCache plans, TaskContexts contexts, IConcurrencyGate gate, TimeProvider time)
    : Activity<TaskInput, PreparedTask>
{
    public override async Task<PreparedTask> RunAsync(ActivityContext context, TaskInput input)
    {
        var cancellation = context.CancellationToken;
        var taskId = RunIds.Child(input.RunId, input.Key);
        var run = await runs.GetRunAsync(input.RunId, cancellation);
        var record = await runs.GetTaskAsync(taskId, cancellation);
        if (run is null || record is null)
            throw new InvalidDataException($"There is no record of the task '{taskId}'.");
        if (record.ReusedFrom is not null)
            return new PreparedTask { Ended = record.Status };
        var plan = await plans.GetAsync(input.Plan, cancellation);
        var node = plan.Nodes.First(node => node.Key == input.Node);
        (run, var prompt) = await RunEdits.ApplyAsync(run, plan, node, artifacts, cancellation);
        var task = node.Task! with { Prompt = prompt };
        var prepared = Describe(task, plan.Agents[task.Agent]) with { PermitsFrom = await gate.ForAsync(ConcurrencyKeys.AgentTurns, cancellation) };
        if (run.CancelRequested)
            return prepared with { Ended = WorkStatus.Cancelled };
        try
        {
            return await RenderAsync(run, record, task, input, prepared, cancellation);
        }
        catch (TemplateException e)
        {
            return prepared with { Failure = new Failure(FailureKinds.InvalidTemplate, e.Message) };
        }
    }

    private static PreparedTask Describe(TaskPlan task, AgentDefinition agent) => new()
    {
        Agent = task.Agent,
        Timeout = task.Options.Timeout ?? agent.Timeout ?? RunDefaults.TaskTimeout,
        MaxAttempts = 1 + (task.Options.MaxRetries ?? RunDefaults.MaxRetries),
        Backoff = task.Options.RetryBackoff ?? RetryBackoff.Exponential,
        OnFailure = task.Options.OnFailure ?? OnFailure.Fail,
        Priority = task.Options.Priority ?? Priority.Normal,
    };

    private async Task<PreparedTask> RenderAsync(
        RunRecord run, TaskRecord record, TaskPlan task, TaskInput input, PreparedTask prepared, CancellationToken cancellation)
    {
        var prompt = task.Prompt;
        if (task.IsTemplate || task.When is not null)
        {
            var template = await artifacts.ReadTextAsync(task.Prompt, cancellation);
            var context = await contexts.BuildAsync(run, [template, task.When ?? ""], await ItemAsync(input, record.Item, cancellation), cancellation);
            if (task.When is { } when && !Template.IsTruthy(Template.Render(when, context)))
                return prepared with { Ended = WorkStatus.Skipped };
            if (task.IsTemplate)
                prompt = await artifacts.ToContentAsync(Template.Render(template, context), cancellation);
        }

        await runs.UpdateTaskAsync(
            record.Id,
            new Change<TaskRecord>(
                stored => stored with { Status = WorkStatus.Running, StartedAt = stored.StartedAt ?? time.GetUtcNow(), Prompt = prompt, Attempt = 1, MaxAttempts = prepared.MaxAttempts, CurrentStep = $"asking {task.Agent}" },
                Revision: 1,
                EventData.Of(EventTypes.TaskStarted, record.Id, $"started:{record.Id}", new { task.Agent, Attempt = 1 })),
            cancellation);
        return prepared with { Prompt = prompt };
    }

    private async Task<ItemContext?> ItemAsync(TaskInput input, Content? item, CancellationToken cancellation) =>
        input.Index is { } index && item is not null
            ? new ItemContext(JsonSerializer.Deserialize<JsonElement>(await artifacts.ReadTextAsync(item, cancellation)), index)
            : null;
}

/// <summary>A task made ready.</summary>
public sealed record PreparedTask
{
    /// <summary>It has ended without running: reused, cancelled or skipped by its condition. Null where it runs.</summary>
    public WorkStatus? Ended { get; init; }

    public Failure? Failure { get; init; }

    public string Agent { get; init; } = "";

    public Content? Prompt { get; init; }

    public TimeSpan Timeout { get; init; }

    public int MaxAttempts { get; init; }

    public RetryBackoff Backoff { get; init; }

    public OnFailure OnFailure { get; init; }

    public Priority Priority { get; init; }

    /// <summary>The gate that each turn needs a permit of; null where none is needed.</summary>
    public string? PermitsFrom { get; init; }
}
