using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Troupe.Client;

public sealed partial class TroupeClient
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until a run has ended, by long polls. It waits through restarts of the server.</summary>
    /// <exception cref="TroupeUnreachableException">The server stayed away for longer than the retries last.</exception>
    public Task<WorkflowInfo> WaitAsync(string workflowId, CancellationToken cancellationToken = default) =>
        PollAsync($"api/v1/workflows/{Escape(workflowId)}", ClientJson.Default.WorkflowInfo, run => run.Status, cancellationToken);

    /// <summary>Waits until a task has ended. As <see cref="WaitAsync"/>.</summary>
    public Task<TaskInfo> WaitForTaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        PollAsync($"api/v1/tasks/{Escape(taskId)}/status", ClientJson.Default.TaskInfo, task => task.Status, cancellationToken);

    private async Task<T> PollAsync<T>(string path, JsonTypeInfo<T> type, Func<T, WorkStatus> status, CancellationToken cancellationToken)
    {
        var (time, seconds) = (_api.Options.Time, _api.Options.LongPoll.TotalSeconds);
        var query = new Query(path).Add("wait", seconds.ToString("0.###", CultureInfo.InvariantCulture) + "s").ToString();
        while (true)
        {
            var asked = time.GetTimestamp();
            var found = await _api.GetAsync(query, type, cancellationToken);
            if (status(found).IsTerminal())
                return found;

            // A server that answers at once (or a proxy that cuts the wait) must not be asked in a tight loop.
            var rest = ShortestPoll - time.GetElapsedTime(asked);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, time, cancellationToken);
        }
    }
}
