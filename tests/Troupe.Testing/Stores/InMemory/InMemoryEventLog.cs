using System.Text.Json;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryEventLog(TimeProvider time, Lock gate) : IEventLog
{
    private readonly List<RunEvent> _all = [];
    private readonly Dictionary<string, List<RunEvent>> _byRun = new(StringComparer.Ordinal);
    private readonly HashSet<(string RunId, string DedupKey)> _seen = [];
    private TaskCompletionSource _appended = NewSignal();

    public Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate) Append(runId, events);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<RunEvent>>(
                _byRun.TryGetValue(runId, out var events) ? [.. events.Where(item => item.Sequence > afterSequence).Take(limit)] : []);
        }
    }

    public Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        lock (gate)
            return Task.FromResult<IReadOnlyList<RunEvent>>([.. _all.Where(item => item.Position > afterPosition).Take(limit)]);
    }

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult((long)_all.Count);
    }

    /// <summary>One signal for all runs: waking in vain is allowed.</summary>
    public Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken)
    {
        lock (gate) return _appended.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Called under the lock.</summary>
    internal void Append(string runId, IReadOnlyList<NewEvent> events)
    {
        if (!_byRun.TryGetValue(runId, out var ofRun)) _byRun.Add(runId, ofRun = []);
        foreach (var item in events)
        {
            if (item.DedupKey is { } key && !_seen.Add((runId, key))) continue;
            var data = item.Data.ValueKind == JsonValueKind.Undefined ? JsonElement.Parse("{}") : item.Data.Clone();
            var stored = new RunEvent(runId, ofRun.Count + 1, _all.Count + 1, item.Type, time.GetUtcNow(), item.TaskId, data);
            ofRun.Add(stored);
            _all.Add(stored);
        }

        _appended.SetResult();
        _appended = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
