using System.Collections.Concurrent;
using System.Text.Json;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>A point where a run waits for a person or another system.</summary>
/// <param name="Title">What kind of thing is waited for, and its title.</param>
/// <param name="Remedy">The command that lets it go on.</param>
internal sealed record OpenGate(string Id, string Title, string Remedy)
{
    public string? Callback { get; init; }

    /// <summary>Approvals that are still missing.</summary>
    public int Needed { get; init; } = 1;
}

/// <summary>Learns from a run's events what it waits for.</summary>
internal sealed class OpenGates(Uri server)
{
    private readonly ConcurrentDictionary<string, OpenGate> _open = new(StringComparer.Ordinal);

    public IReadOnlyList<OpenGate> Current => [.. _open.Values.OrderBy(static gate => gate.Id, StringComparer.Ordinal)];

    public void Hear(RunEvent told)
    {
        switch (told.Type)
        {
            case "approval.requested":
                Open(told, "an approval", Title(told), static id => $"troupe approve {id}", Number(told, "quorum") ?? 1);
                break;
            case "question.asked":
                Open(told, "an answer", Title(told), static id => $"troupe answer {id} …");
                break;
            case "callback.awaited":
                Open(told, "the callback", Text(told, "callback"), _ => $"troupe callback {told.WorkflowId} {Text(told, "callback")}");
                break;
            case "approval.decided" when Text(told, "gate") is { } id && _open.TryGetValue(id, out var gate) && IsTrue(told, "approved") && gate.Needed > 1:
                _open[id] = gate with { Needed = gate.Needed - 1 };
                break;
            case "approval.decided" or "approval.timed_out" or "question.answered" or "question.timed_out" or "callback.timed_out":
                _open.TryRemove(Text(told, "gate") ?? "", out _);
                break;
            case "callback.received":
                foreach (var gate in _open.Values.Where(gate => gate.Callback is { } name && name == Text(told, "name")))
                    _open.TryRemove(gate.Id, out _);
                break;
        }
    }

    private void Open(RunEvent told, string what, string? title, Func<string, string> remedy, int needed = 1)
    {
        if (Text(told, "gate") is not { } id)
            return;
        var command = $"{remedy(id)} --url {server.GetLeftPart(UriPartial.Authority)}";
        _open[id] = new OpenGate(id, $"{what}, \"{Words.Line(title ?? id)}\"", command) { Callback = Text(told, "callback"), Needed = needed };
    }

    private static string? Title(RunEvent told) => Text(told, "title");

    private static int? Number(RunEvent told, string name) => Value(told, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    private static bool IsTrue(RunEvent told, string name) => Value(told, name) is { ValueKind: JsonValueKind.True };

    private static string? Text(RunEvent told, string name) => Value(told, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Value(RunEvent told, string name) =>
        told.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(name, out var value) ? value : null;
}
