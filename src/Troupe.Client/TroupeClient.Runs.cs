using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>Where a task stands.</summary>
    /// <exception cref="TroupeApiException">404: there is none of that id.</exception>
    public Task<TaskInfo> TaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        _api.GetAsync($"api/v1/tasks/{Escape(taskId)}/status", ClientJson.Default.TaskInfo, cancellationToken);

    /// <summary>What a task left.</summary>
    /// <exception cref="TroupeApiException">409: it has not ended; 404: there is none of that id.</exception>
    public Task<TaskResult> TaskResultAsync(string taskId, CancellationToken cancellationToken = default) =>
        _api.GetAsync($"api/v1/tasks/{Escape(taskId)}/result", ClientJson.Default.TaskResult, cancellationToken);

    /// <summary>Where a run stands.</summary>
    /// <exception cref="TroupeApiException">404: there is none of that id.</exception>
    public Task<WorkflowInfo> WorkflowAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _api.GetAsync($"api/v1/workflows/{Escape(workflowId)}", ClientJson.Default.WorkflowInfo, cancellationToken);

    /// <summary>The runs that match, newest first; pages are fetched as they are needed.</summary>
    public IAsyncEnumerable<WorkflowInfo> WorkflowsAsync(WorkflowFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new WorkflowFilter();
        return PagesAsync(
            cursor => new Query("api/v1/workflows")
                .Add("status", filter.Status is { } status ? WorkStatusWords.Of(status) : null)
                .Add("tag", filter.Tag)
                .Add("name", filter.Name)
                .Add("user", filter.User)
                .Add("created_from", filter.CreatedFrom)
                .Add("created_to", filter.CreatedTo)
                .Add("limit", filter.PageSize)
                .Add("cursor", cursor),
            ClientJson.Default.PageBodyWorkflowInfo,
            cancellationToken);
    }

    /// <summary>The tasks of a run in the order of definition.</summary>
    public IAsyncEnumerable<TaskInfo> TasksAsync(string workflowId, CancellationToken cancellationToken = default) =>
        PagesAsync(
            cursor => new Query($"api/v1/workflows/{Escape(workflowId)}/tasks").Add("limit", 500).Add("cursor", cursor),
            ClientJson.Default.PageBodyTaskInfo,
            cancellationToken);

    private async IAsyncEnumerable<T> PagesAsync<T>(
        Func<string?, Query> query, JsonTypeInfo<PageBody<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await _api.GetAsync(query(cursor).ToString(), type, cancellationToken);
            foreach (var item in page.Items)
                yield return item;
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }
}
