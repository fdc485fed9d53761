namespace Troupe.Client.Projects;

/// <summary>A named piece of work for an agent.</summary>
/// <param name="Name">Unique in its project; how other tasks refer to it.</param>
/// <param name="Agent">The agent's name, or its path inside the agent roots.</param>
/// <param name="Prompt">What it is to do; taken as it is, never as a template.</param>
public sealed record AgentTask(string Name, string Agent, string Prompt)
{
    /// <summary>Tasks that must have completed first. Their results follow the prompt, each under its task's name.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public LaunchOptions? Options { get; init; }
}

/// <summary>How a task ended. A failed task is a result too, not an exception.</summary>
public sealed record ExecutionResult
{
    /// <summary>The task's name.</summary>
    public required string Name { get; init; }

    public required string TaskId { get; init; }

    public required string WorkflowId { get; init; }

    /// <summary>Completed, failed, cancelled, or skipped where something it needs did not complete.</summary>
    public required WorkStatus Status { get; init; }

    /// <summary>The result as text; empty unless it completed.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<FileInfo> FilesCreated { get; init; } = [];

    /// <summary>Why it did not complete; null where it did.</summary>
    public FailureInfo? Error { get; init; }

    public UsageInfo? Usage { get; init; }

    public int Attempts { get; init; }

    public bool Succeeded => Status == WorkStatus.Completed;
}
