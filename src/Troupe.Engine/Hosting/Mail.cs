using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>Something that reaches an instance in this process.</summary>
/// <param name="Message">What it is told; null where it is only woken to look at the store and the clock.</param>
/// <param name="Sequence">Where the message waits in the inbox; null where it is in memory only.</param>
internal sealed record Mail(Message? Message, long? Sequence = null)
{
    /// <summary>Set where only one execution of one instance is meant.</summary>
    public (long Key, int Execution)? Only { get; init; }

    /// <summary>The instance was just created so, and need not be read from the store.</summary>
    public NewInstance? Created { get; init; }

    /// <summary>Its first step was taken already.</summary>
    public Beginning? Begun { get; init; }

    /// <summary>A write that concerned the instance failed, and it may yet be in the store: what is in memory is to be read anew.</summary>
    public bool IsReload { get; init; }

    /// <summary>The step that took it has failed.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Start-up counts how many instances have taken theirs.</summary>
    public bool IsRecovery { get; init; }

    public static Mail Wake { get; } = new(Message: null);

    public static Mail Recover { get; } = new(Message: null) { IsRecovery = true };

    public static Mail Reload { get; } = new(Message: null) { IsReload = true };

    /// <summary>The same, where the instance may be gone: what runs for it is to end with it.</summary>
    public static Mail Doubt(InstanceRecord record) => new(Message: null) { IsReload = true, Only = (record.Key, record.Execution) };

    /// <summary>Lost with the process, unless it is kept until it is committed.</summary>
    public bool IsInMemoryOnly => Message is not null && Sequence is null;

    public bool IsTermination => Message is ExecutionTerminated;

    /// <summary>Whether it can be meant for an execution.</summary>
    public bool Concerns(InstanceRecord record) => Only is not { } only || only == (record.Key, record.Execution);
}
