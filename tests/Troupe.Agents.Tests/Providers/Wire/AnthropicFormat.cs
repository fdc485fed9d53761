using System.Text.Json;

namespace Troupe.Agents.Tests.Providers.Wire;

internal sealed class AnthropicFormat : VendorFormat
{
    public override string Answer(params string[] pieces) => Start + TextStart + string.Concat(pieces.Select(Text)) + BlockStop + Stop("end_turn");

    public override string Beginning(string piece) => Start + TextStart + Text(piece);

    public override string ToolCall(string id, string name, string[] argumentPieces) =>
        Start
        + Event("content_block_start", $$$$"""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"{{{{id}}}}","name":"{{{{name}}}}","input":{}}}""")
        + string.Concat(argumentPieces.Select(piece => Event("content_block_delta", $$$$"""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":{{{{JsonSerializer.Serialize(piece)}}}}}}""")))
        + BlockStop + Stop("tool_use");

    public override string Filtered() => Beginning("I") + BlockStop + Stop("refusal");

    public override string Garbage() => Beginning("I") + "event: content_block_delta\ndata: {\"type\": oops\n\n";

    public override string Error(string code, string message) => JsonSerializer.Serialize(new { type = "error", error = new { type = code, message } });

    private static readonly string Start = Event(
        "message_start",
        """{"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"answering-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":11,"output_tokens":1}}}""");

    private static readonly string TextStart = Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");

    private static readonly string BlockStop = Event("content_block_stop", """{"type":"content_block_stop","index":0}""");

    private static string Text(string piece) =>
        Event("content_block_delta", $$$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{{JsonSerializer.Serialize(piece)}}}}}}""");

    private static string Stop(string reason) =>
        Event("message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":7}}""")
        + Event("message_stop", """{"type":"message_stop"}""");

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
