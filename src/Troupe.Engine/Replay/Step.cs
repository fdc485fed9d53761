namespace Troupe.Engine.Replay;

/// <summary>One step of an execution as it was committed: the messages it consumed, in order, and all that it decided.</summary>
/// <param name="Time">The orchestrator's clock during the step, in UTC; never earlier than the step before.</param>
internal sealed record Step(DateTime Time, IReadOnlyList<Message> Messages, IReadOnlyList<Decision> Decisions);
