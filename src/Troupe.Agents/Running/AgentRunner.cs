using Microsoft.Extensions.Logging;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents.Running;

/// <summary>Runs a turn in the way its mode says: on a provider, on a local program, or by a person.</summary>
internal sealed partial class AgentRunner(ProviderRegistry providers, ProviderTurn turn, ILogger<AgentRunner> logger) : IAgentRunner
{
    public async Task<AgentTurnResult> RunTurnAsync(AgentTurnRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Mode == ExecutionMode.Interactive)
            return NeedsPerson(reason: null);
        if (!request.UseDirectLlm)
            return await RunCommandAsync(request, reason: null, cancellationToken) ?? NeedsPerson(FailureKinds.MissingDependencies);
        var result = await RunProviderAsync(request, cancellationToken);
        return request.Mode == ExecutionMode.Hybrid && result.Failure is { } failure && LeavesProvider(failure)
            ? await FallBackAsync(request, result, failure, cancellationToken)
            : result;
    }

    private async Task<AgentTurnResult> RunProviderAsync(AgentTurnRequest request, CancellationToken cancellationToken)
    {
        var name = providers.NameFor(request.Agent);
        if (name is null)
            return AgentTurnResult.Fail(new(FailureKinds.MissingApiKey, "No provider is configured. Set the key of one, for example ANTHROPIC_API_KEY or OPENAI_API_KEY, or name the provider of the agent."));
        if (providers.Find(name) is not { } provider)
        {
            return AgentTurnResult.Fail(new(
                FailureKinds.BadRequest, $"The agent '{request.Agent.Name}' names the provider '{name}'; there are {string.Join(", ", ProviderNames.All)}."));
        }

        return provider.WhyNot(request.Agent) is { } failure
            ? AgentTurnResult.Fail(failure) with { Provider = provider.Name }
            : await turn.RunAsync(provider, request, cancellationToken);
    }

    private async Task<AgentTurnResult> FallBackAsync(AgentTurnRequest request, AgentTurnResult first, Failure failure, CancellationToken cancellationToken)
    {
        LogFallback(request.Agent.Name, first.Provider ?? "its provider", failure.Kind, failure.Message);
        var second = await RunCommandAsync(request, failure.Kind, cancellationToken);
        if (second is { Outcome: TurnOutcome.Answer })
            return second with { Usage = first.Usage.Add(second.Usage) };
        if (second?.Failure is { } broken)
            LogFallback(request.Agent.Name, ProviderNames.Command, broken.Kind, broken.Message);
        // A rate limit passes by itself: a person is called only where waiting does not help.
        return failure.Kind == FailureKinds.RateLimited && failure.Retryable ? first : NeedsPerson(failure.Kind) with { Usage = first.Usage };
    }

    /// <summary>Null where there is no local program that could run it.</summary>
    private async Task<AgentTurnResult?> RunCommandAsync(AgentTurnRequest request, string? reason, CancellationToken cancellationToken)
    {
        if (providers.Find(ProviderNames.Command) is not { } command || command.WhyNot(request.Agent) is not null)
            return null;
        return await turn.RunAsync(command, request, cancellationToken) with { FallbackReason = reason };
    }

    private static bool LeavesProvider(Failure failure) => failure.Kind is FailureKinds.MissingApiKey or FailureKinds.MissingDependencies
        or FailureKinds.ProviderUnavailable or FailureKinds.Unauthorized or FailureKinds.RateLimited;

    private static AgentTurnResult NeedsPerson(string? reason) => new() { Outcome = TurnOutcome.NeedsPerson, FallbackReason = reason };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent {Agent}: {Provider} failed ({Kind}: {Reason}); falling back.")]
    private partial void LogFallback(string agent, string provider, string kind, string reason);
}
