using System.Collections.Concurrent;
using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>A point where a run waits for a person or another system.</summary>
/// <param name="Remedy">What to do so that it goes on.</param>
internal sealed record OpenGate(string Id, string Title, string Remedy);

/// <summary>Learns from a run's events what it waits for.</summary>
internal sealed class OpenGates(Uri server)
{
    private readonly ConcurrentDictionary<string, OpenGate> _open = new(StringComparer.Ordinal);

    public IReadOnlyList<OpenGate> Current => [.. _open.Values.OrderBy(static gate => gate.Id, StringComparer.Ordinal)];

    public void Hear(RunEvent told)
    {
        if (Text(told, "gate") is not { } id)
            return;
        if (told.Type == "approval.requested")
            _open[id] = new OpenGate(id, Title(told, id), $"troupe approve {id} --url {server.GetLeftPart(UriPartial.Authority)}");
        else if (told.Type == "question.asked")
            _open[id] = new OpenGate(id, Title(told, id), $"POST {{\"answer\": …}} to {new Uri(server, $"api/v1/approvals/{Uri.EscapeDataString(id)}").AbsoluteUri}");
        else if (told.Type == "callback.awaited")
            _open[id] = new OpenGate(id, Title(told, id), $"POST JSON to {new Uri(server, $"api/v1/workflows/{told.WorkflowId}/callbacks/{Uri.EscapeDataString(Text(told, "callback") ?? id)}").AbsoluteUri}");
        else if (told.Type is not ("approval.reminder" or "approval.escalated"))
            _open.TryRemove(id, out _);
    }

    private static string Title(RunEvent told, string id) => Words.Line(Text(told, "title") ?? id);

    private static string? Text(RunEvent told, string name) =>
        told.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
