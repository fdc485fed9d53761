using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Storage;

/// <summary>The call that started a child: which execution of which instance waits for it under which number.</summary>
internal sealed record ParentLink(long Key, string InstanceId, int Execution, int TaskId);

/// <summary>The state of an instance beside its history: small, rewritten by each step, and enough to decide what to load.</summary>
internal sealed record InstanceRecord(string Id, string Name, string Version)
{
    /// <summary>Given by the store; never used twice, so that a purged instance is not taken for a later one of the same id.</summary>
    public long Key { get; init; }

    public ParentLink? Parent { get; init; }

    /// <summary>1 for the first execution, one more after each ContinueAsNew or restart.</summary>
    public int Execution { get; init; } = 1;

    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    /// <summary>JSON.</summary>
    public string? CustomStatus { get; init; }

    public string? BlockedReason { get; init; }

    /// <summary>Steps in the history of the current execution.</summary>
    public int Steps { get; init; }

    /// <summary>Messages and decisions in these steps.</summary>
    public int HistoryEvents { get; init; }

    public int OpenActivities { get; init; }

    /// <summary>Events received by the code's box that nobody has waited for yet.</summary>
    public EventVolume KeptEvents { get; init; }

    /// <summary>An earlier release, which did not measure them, has kept events: the next step does, and the store has it taken at start-up.</summary>
    public bool KeepsUnmeasured { get; init; }

    /// <summary>When the instance has to be woken: its next timer, or a start that was asked for later.</summary>
    public DateTime? WakeAt { get; init; }

    /// <summary>The start that was asked for later, where it is still to come.</summary>
    public DateTime? StartsAt => Steps == 0 ? WakeAt : null;

    public bool IsFinished => Status.IsTerminal();
}

/// <summary>A message that waits in the store for its instance.</summary>
internal sealed record InboxMessage(long Sequence, Replay.Message Message);

/// <summary>All that is stored of an instance.</summary>
/// <param name="Carried">Messages that come before the inbox: the start, and events that ContinueAsNew or a rewind handed on.</param>
internal sealed record InstanceSnapshot(
    InstanceRecord Record,
    IReadOnlyList<Replay.Step> History,
    IReadOnlyList<Replay.Message> Carried,
    IReadOnlyList<InboxMessage> Inbox);
