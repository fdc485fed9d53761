using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The gates that a task has opened while it runs, each a child orchestration.</summary>
internal sealed class TaskQuestions(OrchestrationContext context)
{
    private readonly List<string> _open = [];
    private bool _cancelled;

    /// <summary>Writes the question's row, so that it is found by whoever learns that the task waits.</summary>
    public Task OpenAsync(GateInput gate) => context.CallActivityAsync<GateStatus>(nameof(OpenGate), gate);

    /// <summary>Waits until the gate closes. Nothing is asked any more once the task is cancelled.</summary>
    public async Task<NodeOutcome> AskAsync(GateInput gate)
    {
        if (_cancelled)
            return new NodeOutcome(WorkStatus.Cancelled);
        var id = RunIds.Child(gate.RunId, gate.Key);
        var asked = context.CallSubOrchestratorAsync<NodeOutcome>(
            nameof(GateOrchestrator), gate, new SubOrchestrationOptions(InstanceId: id, Version: context.Version));
        _open.Add(id);
        var outcome = await asked;
        _open.Remove(id);
        return outcome;
    }

    /// <summary>Tells every open gate to close.</summary>
    public void Cancel()
    {
        _cancelled = true;
        foreach (var id in _open)
            context.SendEvent(id, Inbox.EventName, new Envelope("cancel", EnvelopeKinds.Cancel));
    }
}
