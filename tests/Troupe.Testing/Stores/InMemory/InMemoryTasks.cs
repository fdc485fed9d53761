using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryTasks
{
    private readonly Dictionary<string, TaskRecord> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byRun = new(StringComparer.Ordinal);

    public TaskRecord? Find(string taskId) => _tasks.GetValueOrDefault(taskId);

    public IEnumerable<TaskRecord> OfRun(string runId) =>
        _byRun.TryGetValue(runId, out var ids) ? ids.Select(id => _tasks[id]) : [];

    public void Add(IReadOnlyList<TaskRecord> tasks)
    {
        foreach (var task in tasks)
        {
            if (!_tasks.TryAdd(task.Id, task)) continue;
            if (!_byRun.TryGetValue(task.RunId, out var ids)) _byRun.Add(task.RunId, ids = []);
            ids.Add(task.Id);
        }
    }

    public void Replace(TaskRecord task) => _tasks[task.Id] = task;

    public RunTotals Totals(string runId)
    {
        var tasks = OfRun(runId).OrderBy(static task => task.Ordinal).ToList();
        return new(
            tasks.CountBy(static task => task.Status).ToDictionary(),
            Math.Min(1, tasks.Where(static task => task.Status.IsTerminal()).Sum(static task => task.Weight)),
            tasks.Aggregate(Usage.None, static (total, task) => total.Add(task.Usage)),
            [.. tasks.Where(static task => task.Status == WorkStatus.Running).Take(5).Select(static task => task.Title)]);
    }

    public TimeSpan? MedianDuration(string agent)
    {
        var durations = _tasks.Values
            .Where(task => task.Agent == agent && task is { Status: WorkStatus.Completed, ReusedFrom: null, StartedAt: not null, CompletedAt: not null })
            .OrderByDescending(static task => task.CompletedAt)
            .Take(50)
            .Select(static task => task.CompletedAt!.Value - task.StartedAt!.Value)
            .Order()
            .ToList();
        if (durations.Count == 0) return null;
        var middle = durations.Count / 2;
        return durations.Count % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2;
    }
}
