using System.Globalization;
using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>Something that an execution decided. Ids number the calls, children and timers of one execution.</summary>
internal abstract record Decision
{
    /// <summary>
    /// Whether replayed code that decides <paramref name="attempted"/> still does what history says. Payloads and due times may differ,
    /// because compatible releases change them; what was recorded stands.
    /// </summary>
    public abstract bool Matches(Decision attempted);

    /// <summary>The decision in words, for errors.</summary>
    public abstract string Describe();
}

internal sealed record ActivityScheduled(int TaskId, string Name, string? Input, ActivityPriority Priority, string? ConcurrencyKey) : Decision
{
    public override bool Matches(Decision attempted) =>
        attempted is ActivityScheduled other && other.TaskId == TaskId && SameName(other.Name, Name);

    public override string Describe() => $"activity '{Name}' (#{TaskId})";

    private static bool SameName(string one, string two) => string.Equals(one, two, StringComparison.OrdinalIgnoreCase);
}

internal sealed record ChildStarted(int TaskId, string Name, string Version, string InstanceId, string? Input) : Decision
{
    public override bool Matches(Decision attempted) =>
        attempted is ChildStarted other
        && other.TaskId == TaskId
        && string.Equals(other.Name, Name, StringComparison.OrdinalIgnoreCase)
        && other.InstanceId == InstanceId;

    public override string Describe() => $"child orchestration '{Name}' with the id '{InstanceId}' (#{TaskId})";
}

internal sealed record TimerCreated(int TimerId, DateTime FireAt) : Decision
{
    public override bool Matches(Decision attempted) => attempted is TimerCreated other && other.TimerId == TimerId;

    public override string Describe() => string.Create(CultureInfo.InvariantCulture, $"timer due {FireAt:O} (#{TimerId})");
}

internal sealed record TimerCancelled(int TimerId) : Decision
{
    public override bool Matches(Decision attempted) => attempted is TimerCancelled other && other.TimerId == TimerId;

    public override string Describe() => $"cancellation of timer #{TimerId}";
}

internal sealed record EventSent(string InstanceId, string Name, string? Payload) : Decision
{
    /// <summary>A step that a rewind has taken back had sent it, so it is not sent again.</summary>
    public bool WasSentBefore { get; init; }

    public override bool Matches(Decision attempted) =>
        attempted is EventSent other
        && other.InstanceId == InstanceId
        && string.Equals(other.Name, Name, StringComparison.OrdinalIgnoreCase);

    public override string Describe() => $"event '{Name}' to '{InstanceId}'";
}

internal sealed record ExecutionCompleted(OrchestrationRuntimeStatus Status, string? Output, FailureDetails? Failure) : Decision
{
    public override bool Matches(Decision attempted) => attempted is ExecutionCompleted other && other.Status == Status;

    public override string Describe() => $"end as {Status}";
}

/// <summary>The execution ends and another begins. <paramref name="Carried"/> are the events that it did not receive.</summary>
internal sealed record ContinuedAsNew(string? Input, IReadOnlyList<EventRaised> Carried) : Decision
{
    public override bool Matches(Decision attempted) => attempted is ContinuedAsNew;

    public override string Describe() => "continue as new";
}
