using System.Text.Json;
using System.Text.Json.Serialization;

namespace Troupe.Client;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    MaxDepth = 128,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SecondsConverter), typeof(WorkStatusConverter)])]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(WorkflowRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(AnswerBody))]
[JsonSerializable(typeof(RerunRequest))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(LaunchResponse))]
[JsonSerializable(typeof(TaskInfo))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(WorkflowInfo))]
[JsonSerializable(typeof(ApprovalInfo))]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(DefinitionInfo))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(EstimateInfo))]
[JsonSerializable(typeof(ArtifactInfo))]
[JsonSerializable(typeof(KeyInfo))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(PageBody<KeyInfo>))]
[JsonSerializable(typeof(PageBody<ExecutorInfo>))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonNode))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(PageBody<TaskInfo>))]
[JsonSerializable(typeof(PageBody<WorkflowInfo>))]
[JsonSerializable(typeof(PageBody<ApprovalInfo>))]
[JsonSerializable(typeof(PageBody<AgentInfo>))]
[JsonSerializable(typeof(PageBody<DefinitionInfo>))]
internal sealed partial class ClientJson : JsonSerializerContext;

internal sealed record PageBody<T>(IReadOnlyList<T> Items, string? Cursor = null);

internal sealed record ReasonBody(string? Reason);

internal sealed record AnswerBody(JsonElement Answer, string? Question = null);

internal sealed record ProblemBody(string? Type, string? Title, int? Status, string? Detail, IReadOnlyList<ApiProblem>? Errors);
