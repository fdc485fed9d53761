using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Testing.Histories;

/// <summary>Takes histories out of a store.</summary>
internal static class HistoryRecorder
{
    private const int MaxInstances = 10_000;

    /// <summary>The current execution of every instance.</summary>
    public static async Task<IReadOnlyList<HistoryFile>> ReadAsync(IHistoryStore store)
    {
        List<HistoryFile> histories = [];
        foreach (var record in await store.ListAsync(new OrchestrationQuery(), 0, MaxInstances, CancellationToken.None))
        {
            var history = (await store.LoadAsync(record.Id, CancellationToken.None))!.History;
            var identity = new ExecutionIdentity(record.Name, record.Id, record.Version, record.Parent?.InstanceId, record.Execution);
            histories.Add(new HistoryFile(identity, [.. history.Select(WithoutStackTraces)]));
        }

        return histories;
    }

    /// <summary>They name folders of the machine that recorded them.</summary>
    private static Step WithoutStackTraces(Step step) => step with
    {
        Messages = [.. step.Messages.Select(static message => message is TaskFailed failed ? failed with { Failure = Short(failed.Failure) } : message)],
        Decisions = [.. step.Decisions.Select(static decision =>
            decision is ExecutionCompleted { Failure: { } failure } ended ? ended with { Failure = Short(failure) } : decision)],
    };

    private static FailureDetails Short(FailureDetails failure) => new(failure.ErrorType, failure.ErrorMessage);
}
