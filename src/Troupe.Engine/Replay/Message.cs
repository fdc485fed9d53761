using System.Text;
using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>Something that happened to an execution. Payloads are JSON.</summary>
internal abstract record Message;

internal sealed record ExecutionStarted(string? Input) : Message;

/// <summary>An activity or a child orchestration succeeded.</summary>
internal sealed record TaskCompleted(int TaskId, string? Result) : Message;

/// <summary>An activity or a child orchestration failed.</summary>
internal sealed record TaskFailed(int TaskId, FailureDetails Failure) : Message;

internal sealed record TimerFired(int TimerId) : Message;

internal sealed record EventRaised(string Name, string? Payload) : Message
{
    public EventVolume Volume => new(1, Encoding.UTF8.GetByteCount(Name) + Encoding.UTF8.GetByteCount(Payload ?? ""));
}

internal sealed record ExecutionSuspended(string? Reason) : Message;

internal sealed record ExecutionResumed(string? Reason) : Message;

internal sealed record ExecutionTerminated(string? Output) : Message;

/// <summary>A failed execution goes on; this comes before the messages of the step that was taken back.</summary>
internal sealed record ExecutionRewound(string? Reason) : Message
{
    /// <summary>The events that the step had sent.</summary>
    public IReadOnlyList<EventSent> Sent { get; init; } = [];
}
