using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Templates;

namespace Troupe.Core.Planning;

/// <summary>Turns a workflow's phases into nodes, in the order of definition; what a task waits for stands before it.</summary>
internal sealed class WorkflowPlanning(WorkflowDefinition definition, JsonElement inputs, PlanAssembly assembly)
{
    private readonly double _phaseWeights = definition.Phases.Sum(phase => phase.Weight);

    public async Task AddNodesAsync(CancellationToken cancellationToken)
    {
        assembly.AddRunGate(definition.Phases[0].Id, definition.Name);
        for (var i = 0; i < definition.Phases.Count; i++)
            await AddPhaseAsync(definition.Phases[i], $"/phases/{i}", cancellationToken);
    }

    private async Task AddPhaseAsync(PhaseDefinition phase, string place, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> entry = phase.After.Count == 0 ? assembly.RunGateNeeds : [];
        entry = AddDelay(phase, place, entry);
        entry = AddGate(phase, place, entry);
        var taskWeights = phase.Tasks.Sum(task => task.Weight);
        for (var i = 0; i < phase.Tasks.Count; i++)
        {
            var task = phase.Tasks[i];
            await assembly.AddTaskAsync(
                new TaskToAdd(task.Id, task.Title, phase.Id, $"{place}/tasks/{i}")
                {
                    Agent = task.Agent,
                    Prompt = task.Prompt,
                    IsTemplate = true,
                    ForEach = task.ForEach,
                    When = task.When,
                    Options = task.Options,
                    Gate = task.Gate is { } gate ? Render(gate, task.Title, $"{place}/tasks/{i}/gate") : null,
                    Needs = [.. entry, .. task.Needs],
                    AfterPhases = phase.After,
                    Weight = phase.Weight / _phaseWeights * task.Weight / taskWeights,
                },
                cancellationToken);
        }
    }

    private IReadOnlyList<string> AddDelay(PhaseDefinition phase, string place, IReadOnlyList<string> entry)
    {
        var delay = phase.Delay;
        if (phase.DelayFrom is { } expression)
        {
            if (!DelayExpression.TryParse(expression, out var parsed, out _) || !parsed.TryEvaluate(inputs, out var value))
            {
                assembly.AddProblem($"The delay {expression} has no value: none of its inputs is given.", $"{place}/delay");
                return entry;
            }

            delay = value;
        }

        if (delay is not { } wait || wait == TimeSpan.Zero)
            return entry;
        var key = $"{phase.Id}.delay";
        assembly.Add(new PlanNode
        {
            Key = key,
            Kind = PlanNodeKind.Delay,
            Phase = phase.Id,
            Title = $"Wait before {phase.Title}",
            Needs = entry,
            AfterPhases = phase.After,
            Delay = wait,
        });
        return [key];
    }

    private IReadOnlyList<string> AddGate(PhaseDefinition phase, string place, IReadOnlyList<string> entry)
    {
        if (phase.Gate is null)
            return entry;
        var gate = Render(phase.Gate, phase.Title, $"{place}/gate");
        var key = $"{phase.Id}.gate";
        assembly.Add(new PlanNode
        {
            Key = key,
            Kind = PlanNodeKind.Gate,
            Phase = phase.Id,
            Title = gate.Title!,
            Needs = entry,
            AfterPhases = phase.After,
            Gate = gate,
        });
        return [key];
    }

    private GateDefinition Render(GateDefinition gate, string subject, string place)
    {
        var title = gate.Title ?? (gate.Type == GateType.Approval ? $"Start {subject}?" : $"Wait for {gate.Callback}");
        return gate with { Title = Render(title, $"{place}/title"), Description = Render(gate.Description, $"{place}/description") };
    }

    private string? Render(string? text, string place)
    {
        if (text is null)
            return null;
        try
        {
            return Template.Render(text, new Dictionary<string, object?> { ["inputs"] = inputs }, maxLength: 10_000);
        }
        catch (TemplateException e)
        {
            assembly.AddProblem(e.Message, place);
            return text;
        }
    }
}
