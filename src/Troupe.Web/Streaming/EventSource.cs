using Troupe.Core.Records;
using Troupe.Web.Access;

namespace Troupe.Web.Streaming;

/// <summary>A log as one reader follows it: a run's, or that of all.</summary>
internal sealed record EventSource
{
    /// <summary>Events that one reading looks at where not all of them are shown: 1,000.</summary>
    public const int MostLookedAt = 1_000;

    private const int LookedAtOnce = 200;

    /// <summary>The next events after a place, as many as are asked for at most.</summary>
    public required Func<long, int, CancellationToken, Task<EventSlice>> ReadAsync { get; init; }

    /// <summary>Taken before reading and awaited after, it misses nothing.</summary>
    public required Func<CancellationToken, Task> WaitForAppendAsync { get; init; }

    /// <summary>What the reader names to go on after an event.</summary>
    public required Func<RunEvent, long> IdOf { get; init; }

    /// <summary>Whether nothing will follow what is stored by now.</summary>
    public required Func<CancellationToken, Task<bool>> HasEndedAsync { get; init; }

    public static EventSource OfRun(IEventLog log, IRunStore runs, string runId) => new()
    {
        ReadAsync = async (after, limit, cancellationToken) => await log.ReadAsync(runId, after, limit, cancellationToken) is [.., var last] read ? new(read, last.Sequence) : new([], after),
        WaitForAppendAsync = cancellationToken => log.WaitForAppendAsync(runId, cancellationToken),
        IdOf = static happened => happened.Sequence,
        HasEndedAsync = async cancellationToken => (await runs.GetRunAsync(runId, cancellationToken))?.Status.IsTerminal() ?? true,
    };

    public static EventSource OfAll(IEventLog log) => new()
    {
        ReadAsync = async (after, limit, cancellationToken) => await log.ReadAllAsync(after, limit, cancellationToken) is [.., var last] read ? new(read, last.Position) : new([], after),
        WaitForAppendAsync = cancellationToken => log.WaitForAppendAsync(null, cancellationToken),
        IdOf = static happened => happened.Position,
        HasEndedAsync = static _ => Task.FromResult(false),
    };

    /// <summary>Without the events of runs that the reader may not see. However few the reader sees, one reading looks at no more than <see cref="MostLookedAt"/>.</summary>
    public EventSource SeenBy(Sight sight, RunVisibility visibility) => sight == Sight.All ? this : this with
    {
        ReadAsync = async (after, limit, cancellationToken) =>
        {
            var (found, through) = (new List<RunEvent>(), after);
            for (var looked = 0; looked < MostLookedAt && found.Count < limit; looked += LookedAtOnce)
            {
                var next = await ReadAsync(through, LookedAtOnce, cancellationToken);
                if (next.Events.Count == 0)
                    break;
                found.AddRange(await visibility.FilterAsync(sight, next.Events, static happened => happened.RunId, cancellationToken));
                through = next.Through;
            }

            return found.Count <= limit ? new(found, through) : new([.. found.Take(limit)], IdOf(found[limit - 1]));
        },
    };
}

/// <param name="Events">Oldest first.</param>
/// <param name="Through">How far was looked: the reader goes on after it, also where it saw nothing. As asked for where there was nothing at all.</param>
internal sealed record EventSlice(IReadOnlyList<RunEvent> Events, long Through);
