using Troupe.Core.Definitions.Reading;
using Troupe.Core.Stores;
using Troupe.Core.Templates;

namespace Troupe.Core.Definitions.Checks;

/// <summary>Templates, paths and delays use only what exists, and only results that are certain to be there.</summary>
internal sealed class TextCheck(WorkflowDefinition definition, WorkflowIndex index, ProblemLog log)
{
    private readonly string[] _inputs = [.. definition.Inputs.Select(input => input.Name)];

    public void Run()
    {
        for (var i = 0; i < definition.Phases.Count; i++)
        {
            CheckGate(definition.Phases[i].Gate, $"/phases/{i}/gate");
            CheckDelay(definition.Phases[i].DelayFrom, $"/phases/{i}/delay");
        }

        foreach (var task in index.Tasks)
            CheckTask(task);
    }

    private void CheckTask(PlacedTask placed)
    {
        var task = placed.Task;
        var names = new TemplateNames { Inputs = _inputs, Tasks = index.ById.Keys.ToArray(), Item = task.ForEach is not null };
        CheckGate(task.Gate, $"{placed.Place}/gate");
        CheckTemplate(task.Prompt, names, $"{placed.Place}/prompt");
        CheckFinished(Template.ReferencedTasks(task.Prompt), placed, "prompt");
        if (task.When is { } when)
        {
            CheckTemplate(when, names with { Item = false }, $"{placed.Place}/when");
            CheckFinished(Template.ReferencedTasks(when), placed, "when");
        }

        if (task.ForEach is { } path)
            CheckForEach(path, names with { Item = false }, placed);
    }

    private void CheckForEach(string text, TemplateNames names, PlacedTask placed)
    {
        var place = $"{placed.Place}/for_each";
        if (!PathExpression.TryParse(text, out var path, out var error))
        {
            log.Add(error, place);
            return;
        }

        foreach (var problem in path.Check(names))
            log.Add(problem.Message, place);
        CheckFinished(path.ReferencedTask is { } task ? [task] : [], placed, "for_each");
        if (definition.Inputs.FirstOrDefault(input => text.Trim() == $"inputs.{input.Name}") is { Type: not InputType.Array } wrong)
            log.Add($"for_each needs a list, but the input \"{wrong.Name}\" is of type {EnumWords<InputType>.Write(wrong.Type)}; make it type: array.", place);
    }

    private void CheckFinished(IReadOnlyList<string> referenced, PlacedTask placed, string key)
    {
        foreach (var id in referenced.Where(id => index.ById.ContainsKey(id) && !index.FinishesBefore(id, placed)))
        {
            var needed = index.ById[id].Phase.Id;
            var remedy = id == placed.Task.Id ? "A task can't use its own result"
                : needed == placed.Phase.Id ? $"Add needs: [{id}]"
                : $"Add after: {needed} to the phase \"{placed.Phase.Id}\"";
            log.Add($"\"{placed.Task.Id}\" uses the result of \"{id}\", which may not be finished by then. {remedy}.", $"{placed.Place}/{key}");
        }
    }

    private void CheckTemplate(string template, TemplateNames names, string place)
    {
        foreach (var problem in Template.Check(template, names))
            log.AddInText(problem, place);
    }

    private void CheckGate(GateDefinition? gate, string place)
    {
        if (gate is null)
            return;
        var names = new TemplateNames { Inputs = _inputs, Run = false };
        var at = gate.Type == GateType.Approval ? $"{place}/approval" : place;
        CheckTemplate(gate.Title ?? "", names, $"{at}/title");
        CheckTemplate(gate.Description ?? "", names, $"{at}/description");
    }

    private void CheckDelay(string? text, string place)
    {
        if (text is null || !DelayExpression.TryParse(text, out var delay, out _))
            return;
        foreach (var name in delay.Inputs)
        {
            var input = definition.Inputs.FirstOrDefault(input => input.Name == name);
            if (input is null)
                log.Add($"\"delay\" names no input: \"{name}\". {Suggestion.For(name, _inputs)}".TrimEnd(), place);
            else if (input.Type != InputType.Duration)
                log.Add($"\"delay\" needs an input of type: duration; \"{name}\" is of type {EnumWords<InputType>.Write(input.Type)}.", place);
        }

        if (delay.Inputs.All(name => definition.Inputs.Any(input => input.Name == name && input is { Required: false, Default: null })))
            log.Add("\"delay\" would have no value where none of its inputs is given. Make one of them required or give it a default.", place);
    }
}
