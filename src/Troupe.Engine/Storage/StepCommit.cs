using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Storage;

/// <summary>Everything that one step changes, to be committed at once or not at all.</summary>
/// <param name="Before">The record that the step began with; a store refuses the step if it has changed meanwhile.</param>
/// <param name="After">The record that the step leaves.</param>
/// <param name="Step">What to append to the history; a new execution (another <see cref="InstanceRecord.Execution"/>) starts with none.</param>
internal sealed record StepCommit(InstanceRecord Before, InstanceRecord After, Step Step)
{
    /// <summary>Inbox messages that the step consumed.</summary>
    public IReadOnlyList<long> Consumed { get; init; } = [];

    /// <summary>The first messages of the next execution.</summary>
    public IReadOnlyList<Message> Carried { get; init; } = [];

    public IReadOnlyList<NewInstance> Children { get; init; } = [];

    public IReadOnlyList<OutgoingMessage> Outgoing { get; init; } = [];

    /// <summary>Whether the step began with messages that were carried to it: an execution's start, or what a rewind hands on.</summary>
    public bool HadCarried => Before.Steps == 0 || Step.Messages is [ExecutionRewound, ..];

    public bool StartsNextExecution => After.Execution != Before.Execution;
}

/// <summary>An instance to create.</summary>
/// <param name="Record">As it is stored, but for its key: after the first step where that is stored with it.</param>
internal sealed record NewInstance(InstanceRecord Record, string? Input)
{
    /// <summary>The first step, where it is stored with the instance.</summary>
    public Step? First { get; init; }

    /// <summary>What the parent is told where the id is taken by an instance that is not its own ended child.</summary>
    public OutgoingMessage Refusal()
    {
        var parent = Record.Parent!;
        var failure = FailureDetails.FromException(new OrchestrationAlreadyExistsException(Record.Id));
        return new OutgoingMessage(parent.InstanceId, new TaskFailed(parent.TaskId, failure)) { Only = (parent.Key, parent.Execution) };
    }
}

/// <summary>A message to another instance. It is dropped where that instance, or the meant execution of it, is not there or has ended.</summary>
internal sealed record OutgoingMessage(string InstanceId, Message Message)
{
    /// <summary>Set where only one execution of one instance is meant.</summary>
    public (long Key, int Execution)? Only { get; init; }
}

/// <summary>A message that a commit put into an inbox.</summary>
internal sealed record DeliveredMessage(string InstanceId, InboxMessage Message);

/// <summary>What a commit did to other instances.</summary>
internal sealed record CommitOutcome(IReadOnlyList<DeliveredMessage> Delivered, IReadOnlyList<NewInstance> Started)
{
    public static readonly CommitOutcome Nothing = new([], []);
}
