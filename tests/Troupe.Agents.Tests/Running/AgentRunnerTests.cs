using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Running;

public sealed class AgentRunnerTests
{
    private const string Fails = "{fail_times: forever, fail_kind: ";

    [Fact]
    public async Task RunTurn_NoProviderConfigured_IsSimulated()
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Agent.With("name: helper"), "Plan the move");

        Assert.Equal((TurnOutcome.Answer, "simulated", true), (result.Outcome, result.Provider, result.Simulated));
        Assert.Contains("Simulated answer", result.Text, StringComparison.Ordinal);
        Assert.Contains("Plan the move", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunTurn_NoProviderAndNoSimulation_FailsForGood()
    {
        using var host = AgentsHost.Create("SimulateByDefault=false");

        var result = await host.RunAsync(Agent.With("name: helper"));

        Assert.Equal((FailureKinds.MissingApiKey, false), (result.Failure!.Kind, result.Failure.Retryable));
        Assert.Contains("ANTHROPIC_API_KEY", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunTurn_UnknownProvider_NamesThoseThereAre()
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Agent.With("provider: opneai"));

        Assert.Equal((TurnOutcome.Failed, FailureKinds.BadRequest), (result.Outcome, result.Failure!.Kind));
        Assert.Contains("'opneai'; there are anthropic, openai,", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunTurn_Interactive_NeedsAPerson()
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Agent.Simulated("{output: no}"), change: request => request with { Mode = ExecutionMode.Interactive });

        Assert.Equal((TurnOutcome.NeedsPerson, null), (result.Outcome, result.FallbackReason));
    }

    [Theory]
    [InlineData("transient}", FailureKinds.ProviderUnavailable)]
    [InlineData("permanent}", null)]
    [InlineData("rate_limited}", null)]
    [InlineData("timeout}", null)]
    public async Task RunTurn_HybridWithoutCommand_CallsAPersonOnlyWhenTheProviderIsOutOfReach(string script, string? reason)
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Agent.Simulated(Fails + script), change: Hybrid);

        Assert.Equal(reason is null ? TurnOutcome.Failed : TurnOutcome.NeedsPerson, result.Outcome);
        Assert.Equal(reason, result.FallbackReason);
    }

    [Fact]
    public async Task RunTurn_WithoutDirectLlmOrCommand_NeedsAPerson()
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Agent.Simulated("{output: no}"), change: request => request with { UseDirectLlm = false });

        Assert.Equal((TurnOutcome.NeedsPerson, FailureKinds.MissingDependencies), (result.Outcome, result.FallbackReason));
    }

    [Fact]
    public async Task RunTurn_CancelledBefore_Throws()
    {
        using var host = AgentsHost.Create();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync(Agent.With("name: a"), cancellationToken: new CancellationToken(canceled: true)));
    }

    private static AgentTurnRequest Hybrid(AgentTurnRequest request) => request with { Mode = ExecutionMode.Hybrid };
}
