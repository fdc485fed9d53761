using Troupe.Durable;

namespace Troupe.Engine.Tests.Model;

internal enum ModelTaskState
{
    /// <summary>An activity to be executed.</summary>
    Ready,

    /// <summary>An activity that is held, or a child that goes on.</summary>
    Running,

    /// <summary>Waits for its next attempt.</summary>
    Retrying,
    Succeeded,
    Failed,
}

/// <summary>A call that the current instruction awaits.</summary>
internal sealed record ModelTask(Step Kind, string Key, ModelTaskState State)
{
    public int Attempt { get; init; } = 1;

    public bool Retries { get; init; }

    /// <summary>When the next attempt is due.</summary>
    public DateTime Due { get; init; }

    public string Result { get; init; } = "done";

    public bool IsChild => Kind == Step.Children;

    public bool IsOpen => State is not (ModelTaskState.Succeeded or ModelTaskState.Failed);
}

/// <summary>Something that waits for an instance to take it.</summary>
internal abstract record ModelMessage
{
    public sealed record Event(string Name, string Payload) : ModelMessage
    {
        /// <summary>Of the name, and of the payload in quotes.</summary>
        public int Bytes => Name.Length + Payload.Length + 2;
    }

    public sealed record Suspend : ModelMessage;

    public sealed record Resume : ModelMessage;

    public sealed record Terminate : ModelMessage;

    public sealed record ChildEnded(string ChildId, bool Succeeded, string Result) : ModelMessage;
}

/// <summary>One instance as the reference model sees it.</summary>
internal sealed record ModelInstance(string Id, ProgramInput Input, string? ParentId)
{
    /// <summary>Where the program is.</summary>
    public int At { get; set; } = Input.At;

    public string Trace { get; set; } = Input.Trace;

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    public DateTime StartAt { get; init; }

    /// <summary>The time of its last step: its clock never goes back.</summary>
    public DateTime Clock { get; set; }

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public List<ModelTask> Tasks { get; private set; } = [];

    /// <summary>The name of the event that the program waits for.</summary>
    public string? Awaited { get; set; }

    /// <summary>When the timer is due that the program waits for.</summary>
    public DateTime? TimerDue { get; set; }

    public bool TimerHasFired { get; set; }

    public List<DateTime> Background { get; private set; } = [];

    /// <summary>The program's end, which waits for background timers; true for success.</summary>
    public bool? Returned { get; set; }

    public List<ModelMessage.Event> Kept { get; private set; } = [];

    public List<ModelMessage> Inbox { get; private set; } = [];

    public HashSet<string> Deliveries { get; private set; } = [];

    public bool IsSuspended => Status == OrchestrationRuntimeStatus.Suspended;

    public bool HasEnded => Status.IsTerminal();

    public Instruction Current => Input.Program[At];

    /// <summary>Whether one more event may wait with those that nobody has received.</summary>
    public bool HasRoomFor(ModelMessage.Event raised)
    {
        var waiting = Kept.Concat(Inbox.OfType<ModelMessage.Event>()).ToList();
        return waiting.Count == 0
            || (waiting.Count < ReferenceModel.MaxPendingEvents && waiting.Sum(static each => each.Bytes) + raised.Bytes <= ReferenceModel.MaxPendingEventBytes);
    }

    public ModelInstance Copy() => this with
    {
        Tasks = [.. Tasks],
        Background = [.. Background],
        Kept = [.. Kept],
        Inbox = [.. Inbox],
        Deliveries = [.. Deliveries],
    };

    public string Describe() =>
        $"{Id}: {Status}, output {Output ?? "none"}, custom status {CustomStatus ?? "none"}, parent {ParentId ?? "none"}";
}
