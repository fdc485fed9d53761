using System.Collections.Concurrent;
using Troupe.Core.Records;

namespace Troupe.Core.Following;

/// <summary>The runs that a page of events tells of, each read once for all consumers, and after the page: what the events tell is in them.</summary>
public sealed class ToldRuns(IRunStore runs)
{
    private volatile ConcurrentDictionary<string, Lazy<Task<RunRecord?>>> _read = new(StringComparer.Ordinal);

    /// <summary>The run that an event is of, as it was after the event; null where there is none.</summary>
    public async Task<RunRecord?> OfAsync(RunEvent told, CancellationToken cancellationToken)
    {
        var page = _read;
        var reading = page.GetOrAdd(told.RunId, runId => new(() => runs.GetRunAsync(runId, cancellationToken)));
        try
        {
            return await reading.Value;
        }
        catch
        {
            page.TryRemove(KeyValuePair.Create(told.RunId, reading));
            throw;
        }
    }

    /// <summary>Another page was read, which may tell more of the same runs.</summary>
    internal void Turn() => _read = new(StringComparer.Ordinal);
}
