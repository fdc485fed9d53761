using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>One scripted turn.</summary>
internal sealed class SimulatedChatClient(AgentTurnRequest request, SimulateScript script, TimeProvider time) : IChatClient
{
    private const int ChunkLength = 16 * 1024;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var prompt = request.Messages.FirstOrDefault(message => message.Role == MessageRole.User)?.Text ?? "";
        if (LatencyFor(prompt) is { Ticks: > 0 } latency)
            await Task.Delay(latency, time, cancellationToken);
        if (script.FailTimes < 0 || request.Attempt <= script.FailTimes)
            throw new ProviderException(ScriptedFailure());

        var calls = ToolCalls();
        var text = calls.Count > 0 ? "" : SimulatedOutput.Of(request, script, prompt);
        for (var at = 0; at < text.Length; at += ChunkLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, text.Substring(at, Math.Min(ChunkLength, text.Length - at)));
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls, UsageOf()])
        {
            FinishReason = calls.Count > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private TimeSpan LatencyFor(string prompt)
    {
        if (script.Jitter == TimeSpan.Zero)
            return script.Latency;
        var share = (SimulatedOutput.Hash($"{request.Agent.Name}\n{request.Attempt}\n{request.Turn}\n{prompt}") % 2001 / 1000d) - 1;
        var latency = script.Latency + (script.Jitter * share);
        return latency > TimeSpan.Zero ? latency : TimeSpan.Zero;
    }

    private Failure ScriptedFailure()
    {
        var count = script.FailTimes < 0 ? $"attempt {request.Attempt}, all fail" : $"attempt {request.Attempt} of {script.FailTimes} that fail";
        return script.FailKind switch
        {
            FailKind.Permanent => new(FailureKinds.BadRequest, $"Simulated permanent failure ({count}).", RetryAfter: script.RetryAfter),
            FailKind.Timeout => new(FailureKinds.TimedOut, $"Simulated timeout ({count}).", Retryable: true, script.RetryAfter),
            FailKind.RateLimited => new(FailureKinds.RateLimited, $"Simulated rate limit ({count}).", Retryable: true, script.RetryAfter),
            _ => new(FailureKinds.ProviderUnavailable, $"Simulated transient failure ({count}).", Retryable: true, script.RetryAfter),
        };
    }

    private List<AIContent> ToolCalls() =>
        request.Turn > script.ToolCalls.Count
            ? []
            : [.. SimulatedToolCall.ReadTurn(script.ToolCalls[request.Turn - 1]).Select((call, index) => new FunctionCallContent($"call_{request.Turn}_{index + 1}", call.Name)
            {
                RawRepresentation = call.Arguments?.GetRawText() ?? "{}",
            })];

    private UsageContent UsageOf() => new(new UsageDetails { InputTokenCount = script.InputTokens, OutputTokenCount = script.OutputTokens });
}
