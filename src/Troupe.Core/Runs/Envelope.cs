using System.Text.Json;
using Troupe.Core.Json;

namespace Troupe.Core.Runs;

/// <summary>A message to an orchestrator's <see cref="Inbox"/>.</summary>
/// <param name="Id">The delivery id: a second message with it is dropped.</param>
/// <param name="Kind">One of <see cref="EnvelopeKinds"/>.</param>
/// <param name="Data">Small data of that kind.</param>
public sealed record Envelope(string Id, string Kind, JsonElement? Data = null)
{
    public static Envelope Create<T>(string id, string kind, T data) =>
        new(id, kind, JsonSerializer.SerializeToElement(data, TroupeJson.Options));

    /// <summary>The data; the default where it is something else, as anybody who may raise events can send it.</summary>
    public T? Read<T>()
    {
        try
        {
            return Data is { } data ? data.Deserialize<T>(TroupeJson.Options) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}

public static class EnvelopeKinds
{
    public const string Cancel = "cancel";
    public const string Pause = "pause";
    public const string Resume = "resume";

    /// <summary>A gate's row has been decided.</summary>
    public const string Gate = "gate";

    /// <summary>A person has supplied a task's result.</summary>
    public const string Answer = "answer";

    /// <summary>Permits handed on between a run and its parts; the data is their number.</summary>
    public const string Permits = "permits";

    /// <summary>A gate is asked for a permit; the data is a <see cref="Concurrency.PermitAsk"/>.</summary>
    public const string PermitAsked = "permit-asked";

    /// <summary>A gate has granted the permit whose number the data is.</summary>
    public const string PermitGranted = "permit-granted";

    /// <summary>A gate gets a permit back; the data is a <see cref="Concurrency.ReturnedPermit"/>.</summary>
    public const string PermitReturned = "permit-returned";

    /// <summary>A gate's limit from now on is the data.</summary>
    public const string LimitSet = "limit-set";
}
