using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Core.Json;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>What the <c>simulate</c> key of an agent file says the offline provider shall do.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SimulateScript
{
    /// <summary>Most bytes of an answer: 256 MiB.</summary>
    public const int MaxOutputBytes = 256 * 1024 * 1024;

    /// <summary>Before each turn's answer or failure.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Up to this much is added to or taken from the latency, fixed by agent, prompt, attempt and turn.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How many first attempts of a task fail; -1 or "forever": all.</summary>
    [JsonConverter(typeof(FailTimesConverter))]
    public int FailTimes { get; init; }

    public FailKind FailKind { get; init; }

    /// <summary>Told with every failure.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer, in which {{prompt}}, {{agent}}, {{attempt}} and {{turn}} stand for theirs.</summary>
    public string? Output { get; init; }

    /// <summary>The answer is repeated and cut to exactly so many bytes.</summary>
    public int? OutputBytes { get; init; }

    /// <summary>One entry a turn: a call, or a list of calls made together. The answer comes in the turn after the last.</summary>
    public IReadOnlyList<JsonElement> ToolCalls { get; init; } = [];

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public static SimulateScript Default { get; } = new();

    /// <exception cref="JsonException">A key or value has no meaning; the message says which.</exception>
    public static SimulateScript Read(JsonElement json)
    {
        var script = json.Deserialize<SimulateScript>(TroupeJson.Options) ?? Default;
        if (script.OutputBytes is < 0 or > MaxOutputBytes)
            throw new JsonException($"output_bytes must be from 0 to {MaxOutputBytes}, but is {script.OutputBytes}.");
        foreach (var turn in script.ToolCalls)
            _ = SimulatedToolCall.ReadTurn(turn);
        return script;
    }
}

internal enum FailKind
{
    Transient,
    Permanent,
    Timeout,
    RateLimited,
}

internal sealed class FailTimesConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var times) && times >= -1 => times,
        JsonTokenType.String when reader.GetString() is "forever" => -1,
        _ => throw new JsonException("fail_times must be a number of attempts, -1 or \"forever\"."),
    };

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
