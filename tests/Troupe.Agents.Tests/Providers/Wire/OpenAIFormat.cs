using System.Text.Json;

namespace Troupe.Agents.Tests.Providers.Wire;

internal sealed class OpenAIFormat : VendorFormat
{
    public override string Answer(params string[] pieces) =>
        string.Concat(pieces.Select(Beginning)) + Chunk("{}", "\"stop\"") + Usage + "data: [DONE]\n\n";

    public override string Beginning(string piece) => Chunk($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(piece)}}}""", "null");

    public override string ToolCall(string id, string name, string[] argumentPieces) =>
        Chunk($$$"""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":""}}]}""", "null")
        + string.Concat(argumentPieces.Select(piece => Chunk($$$$"""{"tool_calls":[{"index":0,"function":{"arguments":{{{{JsonSerializer.Serialize(piece)}}}}}}]}""", "null")))
        + Chunk("{}", "\"tool_calls\"") + Usage + "data: [DONE]\n\n";

    public override string Filtered() => Beginning("I") + Chunk("{}", "\"content_filter\"") + "data: [DONE]\n\n";

    public override string Garbage() => Beginning("I") + "data: {\"id\": oops\n\n";

    public override string Error(string code, string message) => JsonSerializer.Serialize(new { error = new { message, type = "error", code } });

    private const string Usage = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"answering-model","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""" + "\n\n";

    private static string Chunk(string delta, string finish) =>
        $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"answering-model","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""" + "\n\n";
}
