using Troupe.Durable;
using PlatformMetadata = Microsoft.DurableTask.Client.OrchestrationMetadata;
using PlatformQuery = Microsoft.DurableTask.Client.OrchestrationQuery;
using PlatformStatus = Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace Troupe.Functions.Adapter;

/// <summary>Instances and queries, from one set of words to the other.</summary>
internal static class Views
{
    public static OrchestrationMetadata Of(PlatformMetadata instance) => new(instance.Name, instance.InstanceId)
    {
        RuntimeStatus = Of(instance.RuntimeStatus),
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.LastUpdatedAt,
        SerializedInput = instance.SerializedInput,
        SerializedOutput = instance.SerializedOutput,
        SerializedCustomStatus = instance.SerializedCustomStatus,
        FailureDetails = Failures.Of(instance.FailureDetails),
    };

    public static PlatformQuery Of(OrchestrationQuery query) => new(
        query.CreatedFrom,
        query.CreatedTo,
        query.Statuses?.Select(Of),
        InstanceIdPrefix: query.InstanceIdPrefix,
        PageSize: query.PageSize,
        FetchInputsAndOutputs: query.FetchInputsAndOutputs,
        ContinuationToken: query.ContinuationToken);

    public static PlatformStatus Of(OrchestrationRuntimeStatus status) => Enum.Parse<PlatformStatus>(status.ToString());

    private static OrchestrationRuntimeStatus Of(PlatformStatus status) => Enum.Parse<OrchestrationRuntimeStatus>(status.ToString());
}
