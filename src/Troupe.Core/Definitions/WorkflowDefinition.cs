using System.Text.Json;

namespace Troupe.Core.Definitions;

/// <summary>A workflow as written: phases in a DAG, each with tasks. Valid by construction: only the reader makes one.</summary>
public sealed record WorkflowDefinition
{
    /// <summary><c>[a-z0-9][a-z0-9-]{0,63}</c></summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<InputDefinition> Inputs { get; init; } = [];

    public required IReadOnlyList<PhaseDefinition> Phases { get; init; }

    /// <summary>Defaults for runs and tasks of this workflow.</summary>
    public RunOptions Options { get; init; } = new();

    /// <summary>The key of the task whose result is the run's; the last one of the last phase where null.</summary>
    public string? Result { get; init; }

    /// <summary>A schedule to create, disabled, with the workflow.</summary>
    public ScheduleDefinition? Schedule { get; init; }
}

public sealed record ScheduleDefinition(string Cron, string TimeZone);

public enum InputType
{
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,

    /// <summary>Text such as <c>2 weeks</c>, or seconds; see <see cref="Troupe.Core.Duration"/>.</summary>
    Duration,
}

public sealed record InputDefinition
{
    public required string Name { get; init; }

    public InputType Type { get; init; }

    public bool Required { get; init; }

    public JsonElement? Default { get; init; }

    public string? Description { get; init; }

    /// <summary>The values allowed; null for any.</summary>
    public IReadOnlyList<JsonElement>? Enum { get; init; }
}

public sealed record PhaseDefinition
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Phases that must be complete before this one starts.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Its share of the progress, relative to the other phases. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The phase waits this long once what it comes after is complete.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Instead of <see cref="Delay"/>: a <see cref="DelayExpression"/> over the inputs.</summary>
    public string? DelayFrom { get; init; }

    /// <summary>What is reached when the phase completes; announced as a milestone. Null for none.</summary>
    public string? Milestone { get; init; }

    public GateDefinition? Gate { get; init; }

    public required IReadOnlyList<TaskDefinition> Tasks { get; init; }
}

public sealed record TaskDefinition
{
    /// <summary>Unique in the workflow: <c>[a-z0-9][a-z0-9_-]{0,63}</c></summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>An agent's name, or its path inside the agent roots.</summary>
    public required string Agent { get; init; }

    /// <summary>A template over <c>inputs</c>, <c>tasks.{id}.result</c>, <c>run</c> and, with <c>for_each</c>, <c>item</c> and <c>index</c>.</summary>
    public required string Prompt { get; init; }

    /// <summary>Tasks that must be complete first.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>A path such as <c>inputs.files</c> or <c>tasks.plan.result.steps</c> to a JSON list: one task for each item.</summary>
    public string? ForEach { get; init; }

    /// <summary>A template; the task is skipped where it renders to nothing, <c>false</c>, <c>no</c> or <c>0</c>.</summary>
    public string? When { get; init; }

    /// <summary>Its share of the phase's progress. Default 1.</summary>
    public double Weight { get; init; } = 1;

    public GateDefinition? Gate { get; init; }

    public RunOptions Options { get; init; } = new();
}

/// <summary>An approval or a callback to wait for.</summary>
public sealed record GateDefinition
{
    public required GateType Type { get; init; }

    /// <summary>Of a question that an agent asks while it runs; definitions have none.</summary>
    public Question? Question { get; init; }

    /// <summary>The callback's name; unique in the workflow.</summary>
    public string? Callback { get; init; }

    /// <summary>What the approver is asked. In a definition a template over <c>inputs</c>, in a plan rendered.</summary>
    public string? Title { get; init; }

    /// <summary>More about it; a template as the title is.</summary>
    public string? Description { get; init; }

    /// <summary>How many must approve, 1 to 20. One rejection rejects.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>The users, and groups as <c>group:name</c>, who may decide; empty for every approver.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>With <see cref="OnTimeout.Escalate"/>: the users and groups who may decide too, once the timeout has passed.</summary>
    public IReadOnlyList<string> EscalateTo { get; init; } = [];

    /// <summary>How long those have; as long as the others where null.</summary>
    public TimeSpan? EscalateTimeout { get; init; }

    /// <summary>How often people are reminded while nobody decides, at most 100 times; never where null.</summary>
    public TimeSpan? Remind { get; init; }

    /// <summary>How long to wait; for ever where null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What a timeout of an approval counts as. Default reject.</summary>
    public OnTimeout OnTimeout { get; init; }
}

public enum GateType
{
    Approval,
    Callback,

    /// <summary>An agent asks; no definition has one.</summary>
    Question,
}

public enum OnTimeout
{
    Reject,
    Approve,

    /// <summary>The approval stays open for as long again, now also for <see cref="GateDefinition.EscalateTo"/>; then it counts as rejected.</summary>
    Escalate,
}
