using Troupe.Core.Planning;

namespace Troupe.Core.Runs;

/// <summary>What a run's loop, or a part's, waits for.</summary>
internal abstract record Happening;

/// <summary>A task, or one item of a <c>for_each</c>, has ended.</summary>
internal sealed record UnitEnded(WorkUnit Unit, TaskOutcome Outcome) : Happening;

/// <summary>All tasks of a part have ended.</summary>
internal sealed record PartEnded(int Part, PartOutcome Outcome) : Happening;

/// <summary>A gate or a delay has ended.</summary>
internal sealed record NodeEnded(string Key, NodeOutcome Outcome) : Happening;

internal sealed record MessageArrived(Envelope Envelope) : Happening;

/// <summary>The run may begin.</summary>
internal sealed record StartTimeReached : Happening;

/// <summary>The run's time is up.</summary>
internal sealed record DeadlineReached : Happening;
