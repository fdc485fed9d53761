using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;

namespace Troupe.Core.Records;

public enum RunKind
{
    Task,
    Workflow,
    Batch,
}

/// <summary>What queries know of a run. The engine's history is the truth about its execution.</summary>
public sealed record RunRecord
{
    public required string Id { get; init; }

    public required RunKind Kind { get; init; }

    /// <summary>The workflow's name, or for a single task its title.</summary>
    public required string Name { get; init; }

    public required WorkStatus Status { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Not to begin before; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    public required RunOptions Options { get; init; }

    /// <summary>The compiled plan with agents and prompts as they were at launch (an artifact of <see cref="Planning.Plan"/>).</summary>
    public required ArtifactRef Plan { get; init; }

    /// <summary>The validated inputs as a JSON object.</summary>
    public required Content Inputs { get; init; }

    /// <summary>The hashes of the tokens that send its callbacks, by the callbacks' names.</summary>
    public IReadOnlyDictionary<string, string> CallbackTokens { get; init; } = new Dictionary<string, string>();

    public int TaskCount { get; init; }

    public IReadOnlyList<PhaseRecord> Phases { get; init; } = [];

    /// <summary>What approvers changed, in the order in which their gates were passed; each holds for what lies behind its gate.</summary>
    public IReadOnlyList<GateEdits> Edits { get; init; } = [];

    public Failure? Error { get; init; }

    /// <summary>When somebody, or the run's own limits, asked for its end; null where nobody did.</summary>
    public DateTimeOffset? CancelRequestedAt { get; init; }

    [JsonIgnore]
    public bool CancelRequested => CancelRequestedAt is not null;

    public string? CancelReason { get; init; }

    public bool PauseRequested { get; init; }

    /// <summary>The run whose finished tasks this one reuses.</summary>
    public string? ForkedFrom { get; init; }

    /// <summary>How many runs came before it, each launching the next at its end (<c>on_completion</c>).</summary>
    public int Generation { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The number of the last change of the orchestrator's that was applied; a lower one is ignored.</summary>
    public long Revision { get; init; }

    /// <summary>What the keeper found wrong, for people.</summary>
    public string? Attention { get; init; }

    /// <summary>It has not ended, or has failed so that its orchestration may be rewound.</summary>
    [JsonIgnore]
    public bool MayGoOn => Status == WorkStatus.Failed || !Status.IsTerminal();

    /// <summary>A cancel, pause or resume was asked for, and the orchestration has not taken it in.</summary>
    [JsonIgnore]
    public bool IsUnobeyed => !Status.IsTerminal()
        && (CancelRequested || (Status is WorkStatus.Running or WorkStatus.Waiting or WorkStatus.Paused && PauseRequested != (Status == WorkStatus.Paused)));

    public IReadOnlyList<string> Tags => Options.Tags;

    public IReadOnlyDictionary<string, JsonElement> Metadata => Options.Metadata;
}

public sealed record PhaseRecord(string Id, string Title, double Weight, WorkStatus Status = WorkStatus.Queued)
{
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }
}
