using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The gates and delays of a run that are open now. They need no permit.</summary>
internal sealed class NodeSet(OrchestrationContext context, string runId, Action<Happening> post) : IDisposable
{
    private readonly Dictionary<string, string> _gates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DurableTimer> _delays = new(StringComparer.Ordinal);

    /// <summary>No gate is open; delays need no waiting for when a run stops.</summary>
    public bool Idle => _gates.Count == 0;

    public bool Waits => _gates.Count + _delays.Count > 0;

    public void Start(PlanNode node)
    {
        if (node.Kind == PlanNodeKind.Delay)
        {
            var due = context.CurrentUtcDateTime + (node.Delay ?? TimeSpan.Zero);
            _delays[node.Key] = DurableTimer.Start(context, due, () => post(new NodeEnded(node.Key, new NodeOutcome(WorkStatus.Completed))));
            return;
        }

        var id = RunIds.Child(runId, node.Key);
        _gates[node.Key] = id;
        _ = RunGateAsync(node, id);
    }

    public void End(string key)
    {
        _gates.Remove(key);
        if (_delays.Remove(key, out var timer))
            timer.Dispose();
    }

    /// <summary>Tells gates to close; delays end at once.</summary>
    public void Cancel()
    {
        foreach (var id in _gates.Values)
            context.SendEvent(id, Inbox.EventName, new Envelope("cancel", EnvelopeKinds.Cancel));
        Dispose();
    }

    public void Dispose()
    {
        foreach (var timer in _delays.Values)
            timer.Dispose();
        _delays.Clear();
    }

    private async Task RunGateAsync(PlanNode node, string id)
    {
        NodeOutcome outcome;
        try
        {
            outcome = await context.CallSubOrchestratorAsync<NodeOutcome>(
                nameof(GateOrchestrator),
                new GateInput(runId, node.Key, node.Title, node.Gate!),
                new SubOrchestrationOptions(InstanceId: id, Version: context.Version));
        }
        catch (TaskFailedException e)
        {
            outcome = new NodeOutcome(WorkStatus.Failed, new Failure(FailureKinds.Internal, e.FailureDetails.ErrorMessage));
        }

        post(new NodeEnded(node.Key, outcome));
    }
}
