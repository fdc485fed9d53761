using System.Text.Json;

namespace Troupe.Core.Definitions;

/// <summary>How a run or a task is to be executed. What is null is taken from the next wider level, at last from the defaults.</summary>
public sealed record RunOptions
{
    /// <summary>For a task: of one attempt. For a run: of the whole. Default for an attempt: 30 minutes; for a run: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Retries after the first attempt, 0 to 20. Default 3.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>How waits grow. Default exponential.</summary>
    public RetryBackoff? RetryBackoff { get; init; }

    /// <summary>Default normal.</summary>
    public Priority? Priority { get; init; }

    public Uri? CallbackUrl { get; init; }

    public OnCompletion? OnCompletion { get; init; }

    /// <summary>What happens once retries are spent. Default fail.</summary>
    public OnFailure? OnFailure { get; init; }

    /// <summary>Tasks of the run that may go on at once, 1 to 500. Default 10.</summary>
    public int? MaxConcurrency { get; init; }

    public Budget? Budget { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();

    public ExecutionMode? Mode { get; init; }

    /// <summary>False goes straight to the local command. Default true.</summary>
    public bool? UseDirectLlm { get; init; }

    /// <summary>Not to begin sooner than this after launch.</summary>
    public TimeSpan? StartAfter { get; init; }

    /// <summary>Not to begin before.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>A person must approve before anything of it runs.</summary>
    public bool? RequiresApproval { get; init; }
}

public enum RetryBackoff
{
    Exponential,
    Linear,
    Fixed,
}

public enum Priority
{
    Low = -1,
    Normal = 0,
    High = 1,
}

public enum OnFailure
{
    /// <summary>The run fails; what does not depend on the task still ends.</summary>
    Fail,

    /// <summary>The run goes on; the task's result is empty for those that need it.</summary>
    Continue,

    /// <summary>As fail, and the callback URL is told of the task at once.</summary>
    Callback,

    /// <summary>A person decides: retry or give up.</summary>
    Ask,
}

/// <summary>What is done with a finished run's result.</summary>
public sealed record OnCompletion
{
    public CompletionAction Action { get; init; }

    /// <summary>With <see cref="CompletionAction.Launch"/>: the workflow to launch, its input <c>result</c> being this run's result.</summary>
    public string? Workflow { get; init; }

    /// <summary>With <see cref="CompletionAction.Launch"/>: or the agent to give the result to.</summary>
    public string? Agent { get; init; }

    /// <summary>With <see cref="Agent"/>: the prompt, in which <c>{{result}}</c> stands for the result.</summary>
    public string? Prompt { get; init; }
}

public enum CompletionAction
{
    None,
    Notify,
    Callback,
    Launch,
}

/// <summary>Bounds of what a run may use; what is null is unbounded.</summary>
public sealed record Budget(decimal? Usd = null, long? Tokens = null, TimeSpan? Time = null);

public enum ExecutionMode
{
    /// <summary>A provider's model.</summary>
    Api,

    /// <summary>A person supplies the result.</summary>
    Interactive,

    /// <summary>A provider; then the local command; then a person.</summary>
    Hybrid,
}
