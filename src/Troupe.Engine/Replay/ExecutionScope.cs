using Microsoft.Extensions.Logging;

namespace Troupe.Engine.Replay;

/// <summary>What the machine and the context of one execution share.</summary>
internal sealed class ExecutionScope(ExecutionIdentity identity, PayloadConverter converter, ILoggerFactory loggers)
{
    public ExecutionIdentity Identity { get; } = identity;

    public PayloadConverter Converter { get; } = converter;

    public ILoggerFactory Loggers { get; } = loggers;

    public OrchestratorLoop Loop { get; } = new();

    public DecisionJournal Journal { get; } = new();

    public EventBox Events { get; } = new();

    /// <summary>The open calls, children and timers that code awaits, by id.</summary>
    public Dictionary<int, (string Name, PendingTask Task)> Pending { get; } = [];

    public DateTime Time { get; set; }

    public string? Input { get; set; }

    /// <summary>JSON.</summary>
    public string? CustomStatus { get; set; }

    public bool HasSetCustomStatus { get; set; }

    /// <summary>Calls that a retry policy made again, other than in a replay, since the host asked last.</summary>
    public int Retries { get; set; }

    /// <summary>Set by ContinueAsNew; takes effect when the orchestrator returns.</summary>
    public (string? Input, bool KeepEvents)? NextExecution { get; set; }
}
