using Troupe.Core.Records;
using Troupe.Web.Access;

namespace Troupe.Web.Streaming;

/// <summary>A log as one reader follows it: a run's, or that of all.</summary>
internal sealed record EventSource
{
    public required Func<long, int, CancellationToken, Task<IReadOnlyList<RunEvent>>> ReadAsync { get; init; }

    /// <summary>Taken before reading and awaited after, it misses nothing.</summary>
    public required Func<CancellationToken, Task> WaitForAppendAsync { get; init; }

    /// <summary>What the reader names to go on after an event.</summary>
    public required Func<RunEvent, long> IdOf { get; init; }

    /// <summary>Whether nothing will follow what is stored by now.</summary>
    public required Func<CancellationToken, Task<bool>> HasEndedAsync { get; init; }

    public static EventSource OfRun(IEventLog log, IRunStore runs, string runId) => new()
    {
        ReadAsync = (after, limit, cancellationToken) => log.ReadAsync(runId, after, limit, cancellationToken),
        WaitForAppendAsync = cancellationToken => log.WaitForAppendAsync(runId, cancellationToken),
        IdOf = static happened => happened.Sequence,
        HasEndedAsync = async cancellationToken => (await runs.GetRunAsync(runId, cancellationToken))?.Status.IsTerminal() ?? true,
    };

    public static EventSource OfAll(IEventLog log) => new()
    {
        ReadAsync = log.ReadAllAsync,
        WaitForAppendAsync = cancellationToken => log.WaitForAppendAsync(null, cancellationToken),
        IdOf = static happened => happened.Position,
        HasEndedAsync = static _ => Task.FromResult(false),
    };

    /// <summary>Without the events of runs that the reader may not see. Of one reader that only goes forward.</summary>
    public EventSource SeenBy(Sight sight, RunVisibility visibility)
    {
        if (sight == Sight.All)
            return this;
        var passed = 0L;
        return this with
        {
            ReadAsync = async (after, limit, cancellationToken) =>
            {
                while (true)
                {
                    var events = await ReadAsync(Math.Max(after, passed), limit, cancellationToken);
                    var seen = await visibility.FilterAsync(sight, events, static happened => happened.RunId, cancellationToken);
                    if (seen.Count > 0 || events.Count == 0)
                        return seen;
                    passed = IdOf(events[^1]);
                }
            },
        };
    }
}
