namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>Launches one task and returns as soon as it is accepted. However often the call is repeated, it launches once.</summary>
    /// <param name="idempotencyKey">The same key with the same request returns the same run; one is made where it is null.</param>
    /// <exception cref="TroupeApiException">422 lists every problem; 409: the key or the id was used for something else.</exception>
    public Task<LaunchResponse> ScheduleTaskAsync(
        TaskRequest task, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _api.PostAsync("api/v1/tasks", task, ClientJson.Default.TaskRequest, ClientJson.Default.LaunchResponse, cancellationToken, KeyOr(idempotencyKey));

    /// <inheritdoc cref="ScheduleTaskAsync(TaskRequest, string?, CancellationToken)"/>
    public Task<LaunchResponse> ScheduleTaskAsync(
        string agent, string prompt, LaunchOptions? options = null, CancellationToken cancellationToken = default) =>
        ScheduleTaskAsync(new TaskRequest(agent, prompt) { Options = options }, cancellationToken: cancellationToken);

    /// <summary>Launches a workflow. As <see cref="ScheduleTaskAsync(TaskRequest, string?, CancellationToken)"/>.</summary>
    public Task<LaunchResponse> LaunchWorkflowAsync(
        WorkflowRequest workflow, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _api.PostAsync("api/v1/workflows", workflow, ClientJson.Default.WorkflowRequest, ClientJson.Default.LaunchResponse, cancellationToken, KeyOr(idempotencyKey));

    /// <summary>Launches up to 1,000 tasks as one run. As <see cref="ScheduleTaskAsync(TaskRequest, string?, CancellationToken)"/>.</summary>
    public Task<LaunchResponse> LaunchBatchAsync(
        BatchRequest batch, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _api.PostAsync("api/v1/batches", batch, ClientJson.Default.BatchRequest, ClientJson.Default.LaunchResponse, cancellationToken, KeyOr(idempotencyKey));

    /// <summary>Checks a workflow without launching it; every problem has its place.</summary>
    public Task<ValidationReport> ValidateAsync(WorkflowRequest workflow, CancellationToken cancellationToken = default) =>
        _api.PostAsync("api/v1/workflows/validate", workflow, ClientJson.Default.WorkflowRequest, ClientJson.Default.ValidationReport, cancellationToken);

    /// <summary>How long a workflow is likely to take, without launching it.</summary>
    /// <exception cref="TroupeApiException">422 lists every problem of the workflow.</exception>
    public Task<EstimateInfo> EstimateAsync(WorkflowRequest workflow, CancellationToken cancellationToken = default) =>
        _api.PostAsync("api/v1/workflows/estimate", workflow, ClientJson.Default.WorkflowRequest, ClientJson.Default.EstimateInfo, cancellationToken);

    private static string KeyOr(string? key) => key ?? Guid.CreateVersion7().ToString("N");
}
