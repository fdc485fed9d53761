using System.Text.Json.Serialization;
using Troupe.Core.Records;
using Troupe.Web.Management;

namespace Troupe.Web.Launching;

/// <summary>The answer to a launch.</summary>
internal sealed record LaunchBody
{
    /// <summary>The run's only task; absent where it has several.</summary>
    public string? TaskId { get; init; }

    public required string WorkflowId { get; init; }

    public required WorkStatus Status { get; init; }

    /// <summary>Seconds, from the agents' history; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? EstimatedDuration { get; init; }

    public required string CheckStatusUrl { get; init; }

    public required string Message { get; init; }

    /// <summary>Of a batch, in the order given.</summary>
    public IReadOnlyList<LaunchedTask>? Tasks { get; init; }

    /// <summary>The callbacks that the run waits for.</summary>
    public IReadOnlyList<LaunchedCallback>? Callbacks { get; init; }

    public required CheckStatusBody Durable { get; init; }
}

internal sealed record LaunchedTask(string TaskId, WorkStatus Status, string CheckStatusUrl);

/// <param name="Url">Where it is sent.</param>
/// <param name="Token">What opens that URL without a key; told this once, absent from a repeated answer.</param>
internal sealed record LaunchedCallback(string Name, string Url, string? Token);
