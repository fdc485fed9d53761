using System.Text.Json.Serialization;

namespace Troupe.Web.Management;

/// <summary>Where an instance can be observed and steered; the braces are places for the caller to fill.</summary>
internal sealed record CheckStatusBody
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("statusQueryGetUri")]
    public required string StatusQueryGetUri { get; init; }

    [JsonPropertyName("sendEventPostUri")]
    public required string SendEventPostUri { get; init; }

    [JsonPropertyName("terminatePostUri")]
    public required string TerminatePostUri { get; init; }

    [JsonPropertyName("suspendPostUri")]
    public required string SuspendPostUri { get; init; }

    [JsonPropertyName("resumePostUri")]
    public required string ResumePostUri { get; init; }

    [JsonPropertyName("rewindPostUri")]
    public required string RewindPostUri { get; init; }

    [JsonPropertyName("restartPostUri")]
    public required string RestartPostUri { get; init; }

    [JsonPropertyName("purgeHistoryDeleteUri")]
    public required string PurgeHistoryDeleteUri { get; init; }

    /// <param name="id">The instance.</param>
    /// <param name="instance">Its URL.</param>
    public static CheckStatusBody Of(string id, string instance) => new()
    {
        Id = id,
        StatusQueryGetUri = instance,
        SendEventPostUri = $"{instance}/raiseEvent/{{eventName}}",
        TerminatePostUri = $"{instance}/terminate?reason={{text}}",
        SuspendPostUri = $"{instance}/suspend?reason={{text}}",
        ResumePostUri = $"{instance}/resume?reason={{text}}",
        RewindPostUri = $"{instance}/rewind?reason={{text}}",
        RestartPostUri = $"{instance}/restart",
        PurgeHistoryDeleteUri = instance,
    };
}
