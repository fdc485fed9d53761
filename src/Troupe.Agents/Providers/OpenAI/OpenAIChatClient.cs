using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using AIChatMessage = Microsoft.Extensions.AI.ChatMessage;
using AIFinishReason = Microsoft.Extensions.AI.ChatFinishReason;

namespace Troupe.Agents.Providers.OpenAI;

/// <summary>The OpenAI SDK's chat client as an <see cref="IChatClient"/>; it always streams, so that cancelling stops the spending.</summary>
internal sealed class OpenAIChatClient(ChatClient client, int? maxOutputTokens, bool legacyMaxTokens) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<AIChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AIChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var settings = OpenAIRequest.Options(options, maxOutputTokens, legacyMaxTokens);
        var calls = new StreamedToolCalls();
        var refused = false;
        await foreach (var update in client.CompleteChatStreamingAsync(OpenAIRequest.Messages(messages), settings, cancellationToken))
        {
            calls.Add(update.ToolCallUpdates);
            refused |= !string.IsNullOrEmpty(update.RefusalUpdate);
            yield return Update(update, refused);
        }

        if (calls.Finished() is { Count: > 0 } finished)
            yield return new ChatResponseUpdate(ChatRole.Assistant, [.. finished]);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(client) ? client : null;

    public void Dispose()
    {
    }

    private static ChatResponseUpdate Update(StreamingChatCompletionUpdate update, bool refused)
    {
        var contents = new List<AIContent>();
        foreach (var part in update.ContentUpdate)
        {
            if (!string.IsNullOrEmpty(part.Text))
                contents.Add(new TextContent(part.Text));
        }

        if (update.Usage is { } usage)
            contents.Add(new UsageContent(new UsageDetails { InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount }));
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ModelId = string.IsNullOrEmpty(update.Model) ? null : update.Model,
            ResponseId = update.CompletionId,
            FinishReason = Finish(update.FinishReason, refused),
        };
    }

    private static AIFinishReason? Finish(global::OpenAI.Chat.ChatFinishReason? reason, bool refused) => reason switch
    {
        null => null,
        _ when refused => AIFinishReason.ContentFilter,
        global::OpenAI.Chat.ChatFinishReason.Length => AIFinishReason.Length,
        global::OpenAI.Chat.ChatFinishReason.ContentFilter => AIFinishReason.ContentFilter,
        global::OpenAI.Chat.ChatFinishReason.ToolCalls => AIFinishReason.ToolCalls,
        _ => AIFinishReason.Stop,
    };
}
