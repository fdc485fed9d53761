using System.Text.Json;
using Microsoft.Extensions.AI;
using Troupe.Core.Agents;

namespace Troupe.Agents.Running;

/// <summary>A turn in the words of <see cref="IChatClient"/>.</summary>
internal static class ChatRequest
{
    public static List<ChatMessage> Messages(AgentTurnRequest request) =>
    [
        new(ChatRole.System, request.Agent.SystemPrompt),
        .. request.Messages.Select(Message),
    ];

    public static ChatOptions Options(AgentTurnRequest request, string? model) => new()
    {
        ModelId = model,
        Temperature = (float?)request.Agent.Temperature,
        MaxOutputTokens = request.Agent.MaxOutputTokens,
        ResponseFormat = request.Agent.OutputSchema is { } schema ? ChatResponseFormat.ForJsonSchema(schema, "result") : null,
        Tools = request.Tools.Count == 0 ? null : [.. request.Tools.Select(Tool)],
    };

    /// <summary>The arguments of a call as the model wrote them; {} where it wrote none.</summary>
    public static string Arguments(FunctionCallContent call) =>
        call.RawRepresentation as string ?? (call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions));

    private static ChatMessage Message(AgentMessage message) => message.Role switch
    {
        MessageRole.User => new(ChatRole.User, message.Text),
        MessageRole.Tool => new(ChatRole.Tool, [new FunctionResultContent(message.ToolCallId ?? "", message.Text)]),
        _ => new(ChatRole.Assistant, AssistantContents(message)),
    };

    private static List<AIContent> AssistantContents(AgentMessage message)
    {
        var contents = new List<AIContent>();
        if (message.Text.Length > 0)
            contents.Add(new TextContent(message.Text));
        foreach (var call in message.ToolCalls ?? [])
            contents.Add(new FunctionCallContent(call.Id, call.Name, Parse(call.Arguments)) { RawRepresentation = call.Arguments });
        return contents;
    }

    private static Dictionary<string, object?>? Parse(string arguments)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AIFunctionDeclaration Tool(ToolDefinition tool)
    {
        using var schema = JsonDocument.Parse(tool.ParametersSchema);
        return AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, schema.RootElement.Clone());
    }
}
