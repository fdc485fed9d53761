using Azure.Data.Tables;
using Troupe.Core.Records;

namespace Troupe.Functions.Storage.Runs;

/// <summary>Adds up tasks, which come in the order of definition.</summary>
internal sealed class TaskSum
{
    private const int MaxTitles = 5;

    private readonly Dictionary<WorkStatus, int> _counts = [];
    private readonly List<string> _running = [];
    private double _done;
    private Usage _usage = Usage.None;

    public RunTotals Totals => new(_counts, Math.Min(1, _done), _usage, _running);

    public void Add(TableEntity task)
    {
        var status = TaskColumns.Status(task);
        _counts[status] = _counts.GetValueOrDefault(status) + 1;
        _usage = _usage.Add(TaskColumns.Usage(task));
        if (status.IsTerminal()) _done += TaskColumns.Weight(task);
        if (status == WorkStatus.Running && _running.Count < MaxTitles) _running.Add(TaskColumns.Title(task));
    }
}
