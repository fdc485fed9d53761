using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Troupe.Agents.Running;
using AIChatMessage = Microsoft.Extensions.AI.ChatMessage;
using OpenAIMessage = OpenAI.Chat.ChatMessage;

namespace Troupe.Agents.Providers.OpenAI;

/// <summary>Messages and options in the OpenAI SDK's words.</summary>
internal static class OpenAIRequest
{
    public static IEnumerable<OpenAIMessage> Messages(IEnumerable<AIChatMessage> messages) => messages.SelectMany(Message);

    public static ChatCompletionOptions Options(ChatOptions? options, int? maxOutputTokens, bool legacyMaxTokens)
    {
        var most = options?.MaxOutputTokens ?? maxOutputTokens;
        var result = new ChatCompletionOptions
        {
            Temperature = options?.Temperature,
            MaxOutputTokenCount = legacyMaxTokens ? null : most,
            ResponseFormat = Format(options?.ResponseFormat),
        };
        if (legacyMaxTokens && most is { } bound)
            result.Patch.Set("$.max_tokens"u8, bound);
        foreach (var tool in (options?.Tools ?? []).OfType<AIFunctionDeclaration>())
            result.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        return result;
    }

    private static global::OpenAI.Chat.ChatResponseFormat? Format(Microsoft.Extensions.AI.ChatResponseFormat? format) =>
        format is ChatResponseFormatJson { Schema: { } schema } json
            ? global::OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(json.SchemaName ?? "result", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription)
            : null;

    private static IEnumerable<OpenAIMessage> Message(AIChatMessage message)
    {
        if (message.Role == ChatRole.System)
            return [new SystemChatMessage(message.Text)];
        if (message.Role == ChatRole.User)
            return [new UserChatMessage(message.Text)];
        if (message.Role == ChatRole.Tool)
            return message.Contents.OfType<FunctionResultContent>().Select(result => new ToolChatMessage(result.CallId, Text(result.Result)));
        return [Assistant(message)];
    }

    private static AssistantChatMessage Assistant(AIChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(ChatRequest.Arguments(call))))
            .ToList();
        if (calls.Count == 0)
            return new AssistantChatMessage(message.Text);
        var result = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
            result.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        return result;
    }

    private static string Text(object? result) => result as string ?? JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions);
}
