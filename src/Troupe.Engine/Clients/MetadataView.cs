using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Clients;

/// <summary>Tells a client the state of an instance.</summary>
internal static class MetadataView
{
    public static async Task<OrchestrationMetadata> ReadAsync(
        IHistoryStore store, InstanceRecord record, bool inputsAndOutputs, CancellationToken cancellation)
    {
        var failed = record.Status == OrchestrationRuntimeStatus.Failed;
        if (!inputsAndOutputs && !failed) return Of(record);
        string? input;
        Step? last;
        try
        {
            (input, last) = await store.LoadEndsAsync(record, inputsAndOutputs, failed || record.IsFinished, cancellation);
        }
        catch (UnreadableRecordException exception)
        {
            // One damaged instance must not hide a page of sound ones.
            return Of(record) with { FailureDetails = failed ? FailureDetails.FromException(exception) : null, BlockedReason = record.BlockedReason ?? exception.Message };
        }

        var end = last?.Decisions.OfType<ExecutionCompleted>().LastOrDefault();
        return Of(record) with
        {
            SerializedInput = input,
            SerializedOutput = inputsAndOutputs ? end?.Output : null,
            FailureDetails = end?.Failure,
        };
    }

    private static OrchestrationMetadata Of(InstanceRecord record) => new(record.Name, record.Id)
    {
        RuntimeStatus = record.Status,
        Version = record.Version,
        ParentInstanceId = record.Parent?.InstanceId,
        CreatedAt = new DateTimeOffset(record.CreatedAt, TimeSpan.Zero),
        LastUpdatedAt = new DateTimeOffset(record.UpdatedAt, TimeSpan.Zero),
        SerializedCustomStatus = record.CustomStatus,
        BlockedReason = record.BlockedReason,
    };
}
