using System.Text.Json;
using System.Text.Json.Serialization;
using Troupe.Core.Json;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>A tool call of a script.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SimulatedToolCall
{
    public required string Name { get; init; }

    public JsonElement? Arguments { get; init; }

    public static IReadOnlyList<SimulatedToolCall> ReadTurn(JsonElement turn) =>
        turn.ValueKind == JsonValueKind.Array
            ? turn.Deserialize<IReadOnlyList<SimulatedToolCall>>(TroupeJson.Options) ?? []
            : [turn.Deserialize<SimulatedToolCall>(TroupeJson.Options) ?? throw new JsonException("A tool call is a mapping with 'name' and 'arguments'.")];
}
