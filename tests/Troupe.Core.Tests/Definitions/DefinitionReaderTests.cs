using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Core.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    private const string Complete = """
        name: everything
        description: All keys
        inputs:
          topic: {type: string, required: true, description: What, enum: [tea, coffee]}
          count: {type: integer, default: 3}
          plain:
          wait: {type: duration, default: 1h}
          files: {type: array, default: [a, 1.5, true, null, {k: v}]}
        options:
          timeout: 1h30m
          max_retries: 2
          retry_backoff: linear
          priority: high
          callback_url: https://example.org/hook
          on_completion: {launch: {agent: writer, prompt: "Shorten {{result}}"}}
          on_failure: ask
          max_concurrency: 20
          budget: {usd: 1.5, tokens: 100000, time: 2h}
          tags: [a, b]
          metadata: {team: {id: 7}}
          mode: hybrid
          use_direct_llm: false
          start_after: 10s
          requires_approval: true
        schedule: {cron: "0 6 * * mon-fri", time_zone: Europe/Berlin}
        result: last
        phases:
          - id: first
            title: First one
            weight: 2.5
            delay: 1d
            milestone: Half way
            gate:
              approval: {title: "Start {{inputs.topic}}?", description: d, timeout: 2h, on_timeout: escalate, escalate_to: boss, quorum: 2, approvers: [ann, bob]}
            tasks:
              - id: plan
                title: Plan it
                agent: planner
                weight: 3
                prompt: |
                  Plan {{inputs.topic}}
                timeout: 90s
                on_completion: notify
          - id: second
            after: first
            delay: inputs.wait or inputs.wait * 2
            tasks:
              - {id: each, agent: worker, prompt: "{{item}} {{index}}", for_each: tasks.plan.result.steps, gate: {callback: ready, title: t, timeout: 1h}}
              - {id: last, agent: team/boss.md, prompt: "{{tasks.each.results}}", needs: [each], when: "{{inputs.plain}}"}
        """;

    [Fact]
    public void Read_EveryKey_ArrivesInTheDefinition()
    {
        var definition = ReadValid(Complete);
        Assert.Equal(("everything", "All keys", "last"), (definition.Name, definition.Description, definition.Result));
        Assert.Equal(new ScheduleDefinition("0 6 * * mon-fri", "Europe/Berlin"), definition.Schedule);
        Assert.Equal(
            ["topic String True", "count Integer False", "plain String False", "wait Duration False", "files Array False"],
            definition.Inputs.Select(input => $"{input.Name} {input.Type} {input.Required}"));
        Assert.Equal("""["a",1.5,true,null,{"k":"v"}]""", definition.Inputs[4].Default!.Value.GetRawText());
        Assert.Equal(["tea", "coffee"], definition.Inputs[0].Enum!.Select(value => value.GetString()));
        var (first, second) = (definition.Phases[0], definition.Phases[1]);
        Assert.Equal(("First one", 2.5, TimeSpan.FromDays(1), "Half way"), (first.Title, first.Weight, first.Delay, first.Milestone));
        Assert.Equal(("second", "inputs.wait or inputs.wait * 2"), (second.Title, second.DelayFrom));
        Assert.Equal(["first"], second.After);
        Assert.Equal(("Plan it", 3, "Plan {{inputs.topic}}\n"), (first.Tasks[0].Title, first.Tasks[0].Weight, first.Tasks[0].Prompt));
        Assert.Equal((TimeSpan.FromSeconds(90), CompletionAction.Notify), (first.Tasks[0].Options.Timeout, first.Tasks[0].Options.OnCompletion!.Action));
        Assert.Equal(("tasks.plan.result.steps", "each"), (second.Tasks[0].ForEach, second.Tasks[0].Title));
        Assert.Equal(("{{inputs.plain}}", "team/boss.md"), (second.Tasks[1].When, second.Tasks[1].Agent));
        Assert.Equal(["each"], second.Tasks[1].Needs);
    }

    [Fact]
    public void Read_Gates_ArriveInTheDefinition()
    {
        var definition = ReadValid(Complete);
        var approval = definition.Phases[0].Gate!;
        Assert.Equal((GateType.Approval, "Start {{inputs.topic}}?", "d"), (approval.Type, approval.Title, approval.Description));
        Assert.Equal((TimeSpan.FromHours(2), OnTimeout.Escalate, 2), (approval.Timeout, approval.OnTimeout, approval.Quorum));
        Assert.Equal(["ann", "bob"], approval.Approvers);
        Assert.Equal(["boss"], approval.EscalateTo);
        var callback = definition.Phases[1].Tasks[0].Gate!;
        Assert.Equal((GateType.Callback, "ready", "t", TimeSpan.FromHours(1)), (callback.Type, callback.Callback, callback.Title, callback.Timeout));
    }

    [Fact]
    public void Read_Options_ArriveInTheDefinition()
    {
        var options = ReadValid(Complete).Options;
        Assert.Equal((TimeSpan.FromMinutes(90), 2, RetryBackoff.Linear, Priority.High), (options.Timeout, options.MaxRetries, options.RetryBackoff, options.Priority));
        Assert.Equal((OnFailure.Ask, 20, ExecutionMode.Hybrid, false), (options.OnFailure, options.MaxConcurrency, options.Mode, options.UseDirectLlm));
        Assert.Equal((TimeSpan.FromSeconds(10), true), (options.StartAfter, options.RequiresApproval));
        Assert.Equal(new OnCompletion { Action = CompletionAction.Launch, Agent = "writer", Prompt = "Shorten {{result}}" }, options.OnCompletion);
        Assert.Equal(new Budget(1.5m, 100_000, TimeSpan.FromHours(2)), options.Budget);
        Assert.Equal("""{"id":7}""", options.Metadata["team"].GetRawText());
        Assert.Equal("https://example.org/hook", options.CallbackUrl!.ToString());
    }

    [Fact]
    public void Read_JsonTextAndInline_GiveTheSameAsYaml()
    {
        const string json = """
            {"name": "j", "inputs": [{"name": "a", "type": "boolean"}, {"name": "b"}],
             "phases": [{"id": "p", "tasks": [{"id": "t", "agent": "w", "prompt": "\ud83d\ude00 {{inputs.a}}\t\/", "when": true, "max_retries": 0}]}]}
            """;
        var text = ReadValid(json);
        var inline = DefinitionReader.Read(JsonElement.Parse(json)).Definition!;
        foreach (var definition in new[] { text, inline })
        {
            Assert.Equal("😀 {{inputs.a}}\t/", definition.Phases[0].Tasks[0].Prompt);
            Assert.Equal((0, "true"), (definition.Phases[0].Tasks[0].Options.MaxRetries, definition.Phases[0].Tasks[0].When));
            Assert.Equal(InputType.Boolean, definition.Inputs[0].Type);
        }
    }

    [Theory]
    [InlineData("on_completion: callback", CompletionAction.Callback, null)]
    [InlineData("on_completion: {launch: next}", CompletionAction.Launch, "next")]
    [InlineData("on_completion: {launch: {workflow: next}}", CompletionAction.Launch, "next")]
    [InlineData("on_completion: {action: launch, workflow: next}", CompletionAction.Launch, "next")]
    public void Read_OnCompletion_HasAWordAndAMapping(string option, CompletionAction action, string? workflow)
    {
        var completion = ReadValid($"name: a\noptions: {{{option}}}\nphases: [{{id: p, tasks: [{{id: t, agent: w, prompt: p}}]}}]").Options.OnCompletion!;
        Assert.Equal((action, workflow), (completion.Action, completion.Workflow));
    }

    [Fact]
    public void Read_ThousandTasksInAChain_IsPossible()
    {
        var tasks = Enumerable.Range(0, 1000).Select(i => $"{{id: t{i}, agent: w, prompt: \"{(i > 0 ? "{{tasks.t0.result}}" : "p")}\"{(i > 0 ? $", needs: t{i - 1}" : "")}}}");
        Assert.Equal(1000, ReadValid($"name: a\nphases: [{{id: p, tasks: [{string.Join(", ", tasks)}]}}]").Phases[0].Tasks.Count);
    }

    internal static WorkflowDefinition ReadValid(string text)
    {
        var result = DefinitionReader.Read(text, "test.yaml");
        Assert.Empty(result.Problems);
        return result.Definition!;
    }
}
