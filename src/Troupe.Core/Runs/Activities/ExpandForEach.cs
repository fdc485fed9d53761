using System.Globalization;
using System.Text.Json;
using Troupe.Core.Approvals;
using Troupe.Core.Artifacts;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Finds the items of a <c>for_each</c> and adds a task for each.</summary>
public sealed class ExpandForEach(IRunStore runs, IArtifactStore artifacts, PlanCache plans, TaskContexts contexts, TimeProvider time) : Activity<TaskInput, Expansion>
{
    /// <summary>The longest list that a <c>for_each</c> may run over.</summary>
    public const int MaxItems = 10_000;

    public override async Task<Expansion> RunAsync(ActivityContext context, TaskInput input)
    {
        var plan = await plans.GetAsync(input.Plan, context.CancellationToken);
        var node = plan.Nodes.First(node => node.Key == input.Node);
        var run = await runs.GetRunAsync(input.RunId, context.CancellationToken)
            ?? throw new InvalidDataException($"There is no record of the run '{input.RunId}'.");
        (run, _) = await RunEdits.ApplyAsync(run, plan, node, artifacts, context.CancellationToken);
        var (items, failure) = await contexts.ItemsAsync(run, node.Task!.ForEach!, context.CancellationToken);
        if (failure is null && items.Count > MaxItems)
            failure = new Failure(FailureKinds.BadRequest, string.Create(CultureInfo.InvariantCulture, $"for_each of '{node.Key}' found {items.Count} items; at most {MaxItems} are allowed."));
        if (failure is not null)
            return new Expansion(0, failure);
        await AddAsync(input, node, items, context.CancellationToken);
        return new Expansion(items.Count, null);
    }

    private async Task AddAsync(TaskInput input, PlanNode node, IReadOnlyList<JsonElement> items, CancellationToken cancellationToken)
    {
        var group = await runs.GetTaskAsync(RunIds.Child(input.RunId, node.Key), cancellationToken)
            ?? throw new InvalidDataException($"The run '{input.RunId}' has no record of its task '{node.Key}'.");
        var tasks = new List<TaskRecord>(items.Count);
        foreach (var item in items)
        {
            var content = await artifacts.ToContentAsync(item.GetRawText(), cancellationToken, "application/json");
            tasks.Add(ItemOf(group, node, item, tasks.Count, items.Count) with { Item = content });
        }

        foreach (var chunk in tasks.Chunk(500))
            await runs.AddTasksAsync(input.RunId, chunk, cancellationToken);
        await runs.UpdateTaskAsync(
            group.Id,
            new Change<TaskRecord>(
                task => task with { Status = WorkStatus.Running, StartedAt = time.GetUtcNow(), Weight = items.Count == 0 ? task.Weight : 0 },
                Revision: 1,
                EventData.Of(EventTypes.TaskStarted, group.Id, $"started:{group.Id}", new { Items = items.Count })),
            cancellationToken);
    }

    private TaskRecord ItemOf(TaskRecord group, PlanNode node, JsonElement item, int index, int count)
    {
        var key = RunIds.ItemKey(node.Key, index);
        return new TaskRecord
        {
            Id = RunIds.Child(group.RunId, key),
            RunId = group.RunId,
            Key = key,
            Title = $"{node.Title}: {(item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText()).Shorten(80)}",
            Phase = group.Phase,
            Ordinal = group.Ordinal + 1 + index,
            Agent = group.Agent,
            Status = WorkStatus.Queued,
            CreatedAt = time.GetUtcNow(),
            Weight = node.Weight / count,
            MaxAttempts = group.MaxAttempts,
            Mode = group.Mode,
        };
    }
}

public sealed record Expansion(int Items, Failure? Failure);
