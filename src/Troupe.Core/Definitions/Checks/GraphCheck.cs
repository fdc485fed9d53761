using Troupe.Core.Definitions.Reading;

namespace Troupe.Core.Definitions.Checks;

/// <summary>Ids are unique, what is named exists, and nothing waits for itself.</summary>
internal sealed class GraphCheck(WorkflowDefinition definition, WorkflowIndex index, ProblemLog log)
{
    public void Run()
    {
        CheckUnique(definition.Phases.Select((phase, i) => (phase.Id, $"/phases/{i}/id")), "phase");
        CheckUnique(index.Tasks.Select(task => (task.Task.Id, $"{task.Place}/id")), "task");
        CheckUnique(definition.Inputs.Select(input => (input.Name, $"/inputs/{input.Name}")), "input");
        CheckGates();
        CheckAfter();
        foreach (var task in index.Tasks)
            CheckNeeds(task);
        if (index.PhaseGraph.FindCycle(definition.Phases.Select(phase => phase.Id)) is { } phases)
            log.Add($"Phases wait for each other: {phases}. Remove one \"after\" of them.", PlaceOfPhase(phases));
        if (index.TaskGraph.FindCycle(index.Tasks.Select(task => task.Task.Id)) is { } tasks)
            log.Add($"Tasks wait for each other: {tasks}. Remove one \"needs\" of them.", $"{index.ById[First(tasks)].Place}/needs");
        if (definition.Result is { } result && !index.ById.ContainsKey(result))
            log.Add($"\"result\" names no task: \"{result}\". {Suggestion.For(result, index.ById.Keys)}".TrimEnd(), "/result");
    }

    private void CheckUnique(IEnumerable<(string Id, string Place)> ids, string kind)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var (id, place) in ids.Where(one => one.Id.Length > 0 && !seen.Add(one.Id)))
            log.Add($"There are two {kind}s \"{id}\"; ids are unique in a workflow.", place);
    }

    /// <summary>Gates become nodes named after their owner, so a phase and a task of one id can't both have one; nor may two wait for one callback.</summary>
    private void CheckGates()
    {
        var gates = definition.Phases.Select((phase, i) => (phase.Id, phase.Gate, Place: $"/phases/{i}/gate"))
            .Concat(index.Tasks.Select(task => (task.Task.Id, task.Task.Gate, Place: $"{task.Place}/gate")))
            .Where(owner => owner.Gate is not null).ToList();
        var approvals = index.Tasks.Where(task => task.Task is { Gate: null, Options.RequiresApproval: true })
            .Select(task => (task.Task.Id, Place: $"{task.Place}/requires_approval"));
        HashSet<string> owners = new(StringComparer.Ordinal) { "run" };
        foreach (var (id, place) in gates.Select(gate => (gate.Id, gate.Place)).Concat(approvals).Where(gate => !owners.Add(gate.Id)))
            log.Add($"The gate of \"{id}\" would share its name with another gate; rename the phase or the task.", place);
        HashSet<string> callbacks = new(StringComparer.OrdinalIgnoreCase);
        foreach (var gate in gates.Where(gate => gate.Gate is { Type: GateType.Callback } && !callbacks.Add(gate.Gate.Callback!)))
            log.Add($"Two gates wait for the callback \"{gate.Gate!.Callback}\"; names of callbacks are unique in a workflow.", $"{gate.Place}/callback");
    }

    private void CheckAfter()
    {
        var ids = definition.Phases.Select(phase => phase.Id).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < definition.Phases.Count; i++)
        {
            var after = definition.Phases[i].After;
            for (var j = 0; j < after.Count; j++)
            {
                if (!ids.Contains(after[j]))
                    log.Add($"\"after\" names no phase: \"{after[j]}\". {Suggestion.For(after[j], ids)}".TrimEnd(), $"/phases/{i}/after/{j}");
            }
        }
    }

    private void CheckNeeds(PlacedTask task)
    {
        for (var i = 0; i < task.Task.Needs.Count; i++)
        {
            var (need, place) = (task.Task.Needs[i], $"{task.Place}/needs/{i}");
            if (!index.ById.TryGetValue(need, out var needed))
                log.Add($"\"needs\" names no task: \"{need}\". {Suggestion.For(need, index.ById.Keys)}".TrimEnd(), place);
            else if (needed.Phase.Id != task.Phase.Id && !index.ComesAfter(task.Phase.Id, needed.Phase.Id))
                log.Add($"\"{task.Task.Id}\" needs \"{need}\" of the phase \"{needed.Phase.Id}\", which \"{task.Phase.Id}\" does not come after. Add after: {needed.Phase.Id} to the phase \"{task.Phase.Id}\".", place);
        }
    }

    private string PlaceOfPhase(string cycle)
    {
        var first = First(cycle);
        return $"/phases/{definition.Phases.TakeWhile(phase => phase.Id != first).Count()}/after";
    }

    private static string First(string cycle) => cycle.Split(' ')[0];
}
