using System.Collections.Concurrent;

namespace Troupe.Core.Executors;

/// <summary>What this process works on.</summary>
public sealed class ExecutorWork(ExecutorIdentity self, TimeProvider time)
{
    /// <summary>As many fit into a note.</summary>
    private const int MaxTold = 100;

    private readonly ConcurrentDictionary<Turn, DateTimeOffset> _turns = new();
    private readonly DateTimeOffset _started = time.GetUtcNow();

    public string Id => self.Id;

    /// <summary>Notes that an agent is run. Dispose of what it returns once that is over.</summary>
    public IDisposable Begin(string runId, string taskId)
    {
        var turn = new Turn(this, runId, taskId);
        _turns[turn] = time.GetUtcNow();
        return turn;
    }

    /// <summary>This process as it is now.</summary>
    public Executor Now()
    {
        var turns = _turns.ToArray();
        return new Executor(self.Id, _started, time.GetUtcNow())
        {
            Busy = turns.Length,
            Tasks =
            [
                .. turns.OrderBy(static turn => turn.Value).Take(MaxTold)
                    .Select(static turn => new ExecutorTask(turn.Key.TaskId, turn.Key.RunId, turn.Value)),
            ],
        };
    }

    private sealed class Turn(ExecutorWork work, string runId, string taskId) : IDisposable
    {
        public string RunId => runId;

        public string TaskId => taskId;

        public void Dispose() => work._turns.TryRemove(this, out _);
    }
}
