using System.Text.Json;
using System.Text.Json.Nodes;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Core.Templates;

namespace Troupe.Core.Runs;

/// <summary>Gathers what templates and paths may see: inputs, the run, and the results of the tasks they name.</summary>
public sealed class TaskContexts(IRunStore runs, IArtifactStore artifacts)
{
    /// <summary>The context for rendering the given templates.</summary>
    public async Task<IReadOnlyDictionary<string, object?>> BuildAsync(
        RunRecord run, IEnumerable<string> templates, ItemContext? item, CancellationToken cancellationToken) =>
        await CreateAsync(run, templates.SelectMany(Template.ReferencedTasks), item, cancellationToken);

    /// <summary>The list that a <c>for_each</c> path leads to, or why there is none.</summary>
    public async Task<(IReadOnlyList<JsonElement> Items, Failure? Failure)> ItemsAsync(RunRecord run, string path, CancellationToken cancellationToken)
    {
        if (!PathExpression.TryParse(path, out var expression, out var error))
            return ([], new Failure(FailureKinds.InvalidTemplate, error));
        try
        {
            string[] tasks = expression.ReferencedTask is { } task ? [task] : [];
            return (expression.Evaluate(await CreateAsync(run, tasks, null, cancellationToken)), null);
        }
        catch (TemplateException e)
        {
            return ([], new Failure(FailureKinds.InvalidTemplate, $"for_each: {e.Message}"));
        }
    }

    /// <summary>A task's result as JSON where it is JSON, as text otherwise; null where there is none.</summary>
    internal static async Task<JsonNode?> ValueOfAsync(IArtifactStore artifacts, TaskRecord task, CancellationToken cancellationToken)
    {
        if (task.Result is null)
            return null;
        var text = await artifacts.ReadTextAsync(task.Result, cancellationToken);
        return task.ResultType == ResultType.Json ? JsonNode.Parse(text) : JsonValue.Create(text);
    }

    private async Task<IReadOnlyDictionary<string, object?>> CreateAsync(
        RunRecord run, IEnumerable<string> taskIds, ItemContext? item, CancellationToken cancellationToken)
    {
        var inputs = JsonSerializer.Deserialize<JsonElement>(await artifacts.ReadTextAsync(run.Inputs, cancellationToken));
        var tasks = new Dictionary<string, TaskValues>(StringComparer.Ordinal);
        foreach (var id in taskIds.Distinct(StringComparer.Ordinal))
            tasks[id] = await ValuesAsync(run.Id, id, cancellationToken);
        var values = new RunValues(run.Id, run.Name, run.User, run.StartedAt ?? run.CreatedAt);
        return TemplateContext.Create(inputs, values, tasks, item?.Item, item?.Index);
    }

    private async Task<TaskValues> ValuesAsync(string runId, string id, CancellationToken cancellationToken)
    {
        var task = await runs.GetTaskAsync(RunIds.Child(runId, id), cancellationToken);
        if (task is null)
            return new TaskValues("", Error: $"There is no record of the task '{id}'.");
        var text = task.Result is { } result ? await artifacts.ReadTextAsync(result, cancellationToken) : null;
        var status = EnumWords<WorkStatus>.Write(task.Status);
        return new TaskValues(status, text ?? "", task.Error?.Message ?? "", await ItemResultsAsync(task, cancellationToken));
    }

    private async Task<IReadOnlyList<string?>?> ItemResultsAsync(TaskRecord group, CancellationToken cancellationToken)
    {
        if (await runs.GetTaskAsync(RunIds.Child(group.RunId, RunIds.ItemKey(group.Key, 0)), cancellationToken) is null)
            return null;
        var results = new List<string?>();
        for (var index = 0; await runs.GetTaskAsync(RunIds.Child(group.RunId, RunIds.ItemKey(group.Key, index)), cancellationToken) is { } item; index++)
            results.Add(item.Result is { } result ? await artifacts.ReadTextAsync(result, cancellationToken) : null);
        return results;
    }
}

/// <param name="Item">One item of the list.</param>
/// <param name="Index">Its place, from 0.</param>
public sealed record ItemContext(JsonElement Item, int Index);
