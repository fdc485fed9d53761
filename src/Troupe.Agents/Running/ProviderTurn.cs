using System.Text;
using Microsoft.Extensions.AI;
using Troupe.Agents.Pricing;
using Troupe.Agents.Providers;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Running;

/// <summary>One turn on one provider: streams the answer and tells what came of it.</summary>
internal sealed class ProviderTurn(ProviderHttp http, FailureSorter sorter, PriceTable prices, TimeProvider time)
{
    private static readonly TimeSpan TellTextEvery = TimeSpan.FromMilliseconds(250);

    public async Task<AgentTurnResult> RunAsync(IAgentProvider provider, AgentTurnRequest request, CancellationToken cancellationToken)
    {
        var model = provider.ModelOf(request.Agent);
        using var timeout = new CancellationTokenSource(provider.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var call = http.BeginCall();
        var answer = new Answer();
        Failure? failure;
        try
        {
            await ReadAsync(provider.ClientFor(request), request, model, answer, either.Token);
            failure = answer.WhyUnusable();
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (timeout.IsCancellationRequested)
        {
            failure = new(FailureKinds.TimedOut, $"{provider.Name} did not answer within {provider.Timeout.TotalSeconds:0.#} s.", Retryable: true, Detail: e.GetType().Name);
        }
        catch (Exception e) when (sorter.Sort(provider.Name, e) is { } sorted)
        {
            failure = sorted;
        }

        var text = answer.Text.ToString();
        if (failure is null && answer.ToolCalls.Count == 0 && request.Agent.OutputSchema is { } schema)
            (text, failure) = StructuredAnswer.Read(text, schema);
        return new AgentTurnResult
        {
            Outcome = failure is not null ? TurnOutcome.Failed : answer.ToolCalls.Count > 0 ? TurnOutcome.ToolCalls : TurnOutcome.Answer,
            Text = text,
            ToolCalls = failure is null ? answer.ToolCalls : [],
            Failure = failure,
            Usage = prices.Cost(answer.InputTokens, answer.OutputTokens, model, answer.Model),
            Provider = provider.Name,
            Model = answer.Model ?? model,
            Simulated = provider.Name == ProviderNames.Simulated,
        };
    }

    private async Task ReadAsync(IChatClient client, AgentTurnRequest request, string? model, Answer answer, CancellationToken cancellationToken)
    {
        var told = time.GetTimestamp();
        await foreach (var update in client.GetStreamingResponseAsync(ChatRequest.Messages(request), ChatRequest.Options(request, model), cancellationToken))
        {
            answer.Add(update);
            if (request.OnText is null || update.Text.Length == 0 || time.GetElapsedTime(told) < TellTextEvery)
                continue;
            told = time.GetTimestamp();
            request.OnText(answer.Text.ToString());
        }
    }

    private sealed class Answer
    {
        private ChatFinishReason? finish;

        public StringBuilder Text { get; } = new();

        public List<AgentToolCall> ToolCalls { get; } = [];

        public long InputTokens { get; private set; }

        public long OutputTokens { get; private set; }

        public string? Model { get; private set; }

        public void Add(ChatResponseUpdate update)
        {
            finish = update.FinishReason ?? finish;
            Model = update.ModelId ?? Model;
            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextContent text:
                        Text.Append(text.Text);
                        break;
                    case FunctionCallContent call:
                        ToolCalls.Add(new(call.CallId, call.Name, ChatRequest.Arguments(call)));
                        break;
                    case UsageContent usage:
                        InputTokens += usage.Details.InputTokenCount ?? 0;
                        OutputTokens += usage.Details.OutputTokenCount ?? 0;
                        break;
                }
            }
        }

        public Failure? WhyUnusable()
        {
            if (finish is null)
                return new(FailureKinds.ProviderUnavailable, "The answer was cut off before its end.", Retryable: true);
            return finish == ChatFinishReason.ContentFilter
                ? new(FailureKinds.ContentFilter, "The provider's content filter refused the prompt or the answer. Change the prompt.")
                : null;
        }
    }
}
