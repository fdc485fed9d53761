using System.Collections.Concurrent;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Tests.Support;

/// <summary>Agents whose turns a test writes. Every name is an agent unless it begins with "unknown".</summary>
internal sealed class ScriptedAgents : IAgentCatalog, IAgentRunner
{
    private readonly ConcurrentDictionary<string, Func<AgentTurnRequest, CancellationToken, Task<AgentTurnResult>>> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<AgentTurnRequest> _calls = new();
    private int _running;
    private int _mostRunning;

    public IReadOnlyList<Problem> Problems => [];

    public IReadOnlyCollection<AgentTurnRequest> Calls => _calls;

    public int MostRunning => _mostRunning;

    public ScriptedAgents On(string agent, Func<AgentTurnRequest, AgentTurnResult> script) =>
        On(agent, (request, _) => Task.FromResult(script(request)));

    public ScriptedAgents On(string agent, Func<AgentTurnRequest, CancellationToken, Task<AgentTurnResult>> script)
    {
        _scripts[agent] = script;
        return this;
    }

    public Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken) => Task.FromResult(
        nameOrPath.StartsWith("unknown", StringComparison.Ordinal)
            ? null
            : new AgentDefinition { Name = nameOrPath, SystemPrompt = "", Version = "1", Tools = [Troupe.Core.Runs.ToolBox.SaveArtifact, Troupe.Core.Runs.ToolBox.ReportProgress] });

    public Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AgentDefinition>>([]);

    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown) => throw new NotSupportedException();

    public async Task<AgentTurnResult> RunTurnAsync(AgentTurnRequest request, CancellationToken cancellationToken)
    {
        _calls.Enqueue(request);
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(running);
        try
        {
            return _scripts.TryGetValue(request.Agent.Name, out var script)
                ? await script(request, cancellationToken)
                : Answer($"{request.Agent.Name}: {request.Messages[^1].Text}");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public static AgentTurnResult Answer(string text) =>
        new() { Outcome = TurnOutcome.Answer, Text = text, Usage = new Usage(10, 5, 0.01m), Provider = "scripted", Model = "m" };

    public static AgentTurnResult Transient(string message = "busy") =>
        AgentTurnResult.Fail(new Failure(FailureKinds.ProviderError, message, Retryable: true));

    private void InterlockedMax(int value)
    {
        int seen;
        while (value > (seen = _mostRunning) && Interlocked.CompareExchange(ref _mostRunning, value, seen) != seen)
        {
        }
    }
}
