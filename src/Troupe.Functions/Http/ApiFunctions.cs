using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Troupe.Functions.Http;

/// <summary>
/// The HTTP functions. They are anonymous to the platform: the pipeline's own role gate lets callers in. What is launched and looked at
/// most has a function of its own, which the platform's metrics tell apart.
/// </summary>
public sealed class ApiFunctions(ApiPipeline api)
{
    /// <summary>The platform tries routes in the order of function names, so this one must come after all the others.</summary>
    public const string CatchAll = "Unmatched";

    [Function(nameof(LaunchTask))]
    public IResult LaunchTask(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/tasks")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(nameof(LaunchWorkflow))]
    public IResult LaunchWorkflow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/workflows")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(nameof(LaunchBatch))]
    public IResult LaunchBatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/batches")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(nameof(TaskStatus))]
    public IResult TaskStatus(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/tasks/{id}/status")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(nameof(TaskResult))]
    public IResult TaskResult(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/tasks/{id}/result")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(nameof(RunStatus))]
    public IResult RunStatus(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/workflows/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(nameof(Management))]
    public IResult Management(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", Route = "api/v1/durable/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);

    [Function(CatchAll)]
    public IResult Unmatched(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => api.Answer(request, client);
}
