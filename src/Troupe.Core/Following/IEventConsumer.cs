using Troupe.Core.Records;

namespace Troupe.Core.Following;

/// <summary>Does something because something happened in a run, such as sending a webhook. The run never waits for it.</summary>
public interface IEventConsumer
{
    /// <summary>Whether events of that type are of any interest; cheap.</summary>
    bool Wants(string eventType);

    /// <summary>
    /// Takes one event in. Events come at least once and beside each other, so it must be idempotent. What it throws makes the event come
    /// again.
    /// </summary>
    Task TakeAsync(RunEvent told, CancellationToken cancellationToken);
}
