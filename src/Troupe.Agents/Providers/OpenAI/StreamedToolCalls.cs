using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Troupe.Agents.Providers.OpenAI;

/// <summary>Puts tool calls together from the pieces that stream in.</summary>
internal sealed class StreamedToolCalls
{
    private readonly SortedDictionary<int, Call> calls = [];

    public void Add(IEnumerable<StreamingChatToolCallUpdate> pieces)
    {
        foreach (var piece in pieces)
        {
            if (!calls.TryGetValue(piece.Index, out var call))
                calls[piece.Index] = call = new Call();
            if (!string.IsNullOrEmpty(piece.ToolCallId))
                call.Id = piece.ToolCallId;
            if (!string.IsNullOrEmpty(piece.FunctionName))
                call.Name = piece.FunctionName;
            if (piece.FunctionArgumentsUpdate is { } arguments)
                call.Arguments.Append(arguments);
        }
    }

    public IReadOnlyList<FunctionCallContent> Finished() =>
    [
        .. calls.Select(entry => new FunctionCallContent(entry.Value.Id ?? $"call_{entry.Key}", entry.Value.Name)
        {
            RawRepresentation = entry.Value.Arguments.Length == 0 ? "{}" : entry.Value.Arguments.ToString(),
        }),
    ];

    private sealed class Call
    {
        public string? Id { get; set; }

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
