namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>
    /// Follows what happens in a run, from the beginning, and ends with the run's last event. A stream that is cut is opened again
    /// after the last event seen, so that none is missed and none comes twice.
    /// </summary>
    /// <param name="afterId">Begins after the event of that <see cref="RunEvent.Id"/>; from the first where it is null.</param>
    /// <exception cref="TroupeUnreachableException">The server stayed away for longer than the retries last.</exception>
    public IAsyncEnumerable<RunEvent> EventsAsync(string workflowId, string? afterId = null, CancellationToken cancellationToken = default) =>
        new EventStream(_api, $"api/v1/workflows/{Escape(workflowId)}/events", EventStream.EndsRun).ReadAsync(afterId, cancellationToken);

    /// <summary>Follows what happens in all runs; it ends only when it is cancelled.</summary>
    public IAsyncEnumerable<RunEvent> AllEventsAsync(string? afterId = null, CancellationToken cancellationToken = default) =>
        new EventStream(_api, "api/v1/events", static _ => false).ReadAsync(afterId, cancellationToken);
}
