using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;

namespace Troupe.Core.Tests.Planning;

public sealed class PlanCompilerTests
{
    private const string Text = """
        name: demo
        inputs: {who: string, wait: {type: duration, default: 2h}}
        options: {timeout: 1d, max_retries: 5, priority: low, tags: [a], metadata: {x: 1, y: 2}, callback_url: "https://example.org/hook"}
        phases:
          - id: one
            weight: 3
            delay: inputs.wait
            gate: {callback: go, timeout: 1h}
            tasks:
              - {id: a, agent: w, prompt: "p {{inputs.who}}", weight: 1}
              - {id: b, title: Bee, agent: w, prompt: p, weight: 2, needs: a, priority: high, timeout: 90s, on_failure: callback,
                 gate: {approval: {title: "Go on, {{inputs.who}}?", description: About}}}
          - id: two
            after: one
            milestone: Done
            tasks:
              - {id: c, agent: w, prompt: p, for_each: tasks.a.result, when: "{{tasks.b.result}}", requires_approval: true, start_after: 5m}
        """;

    private readonly KnownAgents _agents = new("w", "generalist", "writer");
    private readonly MemoryArtifacts _artifacts = new();

    [Fact]
    public async Task CompileAsync_Nodes_StandInTheOrderOfDefinitionWithWhatTheyWaitFor()
    {
        var plan = await Compile(Text, inputs: """{"who":"Ada","wait":60}""");
        Assert.Equal(
            [
                "one.delay Delay [] []", "one.gate Gate [one.delay] []", "a Task [one.gate] []",
                "b.gate Gate [one.gate,a] []", "b Task [one.gate,a,b.gate] []",
                "c.delay Delay [] []", "c.gate Gate [] [one]", "c ForEach [c.delay,c.gate] [one]",
            ],
            plan.Nodes.Select(Show));
        Assert.Equal(TimeSpan.FromSeconds(60), plan.Nodes[0].Delay);
        Assert.Equal("go", plan.Nodes[1].Gate!.Callback);
        Assert.Equal("Wait for go", plan.Nodes[1].Title);
        Assert.Equal(("Go on, Ada?", "About"), (plan.Nodes[3].Title, plan.Nodes[3].Gate!.Description));
        Assert.Equal(TimeSpan.FromMinutes(5), plan.Nodes[5].Delay);
        Assert.Equal("Start c?", plan.Nodes[6].Gate!.Title);
        Assert.Equal(("tasks.a.result", "{{tasks.b.result}}"), (plan.Nodes[7].Task!.ForEach, plan.Nodes[7].Task!.When));
        Assert.Equal("c", plan.ResultKey);
        Assert.Equal(["w"], plan.Agents.Keys);
        Assert.Equal(1, _agents.LookUps);
    }

    [Fact]
    public async Task CompileAsync_Weights_AreNormalisedOverPhasesAndTasks()
    {
        var plan = await Compile(Text);
        Assert.Equal([0.75, 0.25], plan.Phases.Select(phase => phase.Weight));
        Assert.Equal([0, 0, 0.25, 0, 0.5, 0, 0, 0.25], plan.Nodes.Select(node => Math.Round(node.Weight, 9)));
        Assert.Equal("Done", plan.Phases[1].Milestone);
    }

    [Fact]
    public async Task CompileAsync_Options_TaskWinsOverLaunchOverWorkflow()
    {
        var launch = new RunOptions
        {
            MaxRetries = 1,
            Mode = ExecutionMode.Hybrid,
            Tags = ["a", "b"],
            MaxConcurrency = 3,
            Metadata = new Dictionary<string, JsonElement> { ["y"] = JsonElement.Parse("3") },
        };
        var result = await Compiler().CompileAsync(Read(Text), launch, CancellationToken.None);
        var run = result.Options;
        Assert.Equal((TimeSpan.FromDays(1), 1, Priority.Low, 3), (run.Timeout, run.MaxRetries, run.Priority, run.MaxConcurrency));
        Assert.Equal(["a", "b"], run.Tags);
        Assert.Equal("x=1,y=3", string.Join(',', run.Metadata.Select(pair => $"{pair.Key}={pair.Value}")));
        var a = OptionsOf(result.Plan!, "a");
        var b = OptionsOf(result.Plan!, "b");
        Assert.Equal((TimeSpan.FromMinutes(30), 1, Priority.Low, ExecutionMode.Hybrid), (a.Timeout, a.MaxRetries, a.Priority, a.Mode));
        Assert.Equal((TimeSpan.FromSeconds(90), Priority.High, OnFailure.Callback), (b.Timeout, b.Priority, b.OnFailure));
        Assert.Equal("https://example.org/hook", b.CallbackUrl!.ToString());
        Assert.Empty(a.Tags);
    }

    [Fact]
    public async Task CompileAsync_NothingGiven_SetsDefaults()
    {
        _agents.Special["quick"] = KnownAgents.Make("quick") with { Timeout = TimeSpan.FromSeconds(5), Mode = ExecutionMode.Interactive };
        var plan = await Compile("{\"name\":\"d\",\"phases\":[{\"id\":\"p\",\"tasks\":[{\"id\":\"a\",\"agent\":\"w\",\"prompt\":\"p\"},{\"id\":\"q\",\"agent\":\"quick\",\"prompt\":\"p\"}]}]}");
        var (a, q) = (OptionsOf(plan, "a"), OptionsOf(plan, "q"));
        Assert.Equal((3, RetryBackoff.Exponential, Priority.Normal, OnFailure.Fail, 10), (a.MaxRetries, a.RetryBackoff, a.Priority, a.OnFailure, a.MaxConcurrency));
        Assert.Equal((TimeSpan.FromMinutes(30), ExecutionMode.Api, true, false), (a.Timeout, a.Mode, a.UseDirectLlm, a.RequiresApproval));
        Assert.Equal((TimeSpan.FromSeconds(5), ExecutionMode.Interactive), (q.Timeout, q.Mode));
    }

    [Fact]
    public async Task CompileAsync_UnknownAgents_AreAllProblemsWithTheirPlaces()
    {
        var text = Text.Replace("agent: w,", "agent: writr,", StringComparison.Ordinal);
        var result = await Compiler().CompileAsync(Read(text), new RunOptions(), CancellationToken.None);
        Assert.Null(result.Plan);
        Assert.Equal(["/phases/0/tasks/0/agent", "/phases/0/tasks/1/agent", "/phases/1/tasks/0/agent"], result.Problems.Select(problem => problem.Pointer));
        Assert.StartsWith("There is no agent \"writr\". Did you mean \"writer\"?", result.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(1, _agents.LookUps);
    }

    [Fact]
    public async Task CompileAsync_RequiresApproval_PutsAGateBeforeEverything()
    {
        var result = await Compiler().CompileAsync(Read(Text), new RunOptions { RequiresApproval = true }, CancellationToken.None);
        Assert.Equal(["run.gate Gate [] []", "one.delay Delay [run.gate] []"], result.Plan!.Nodes.Take(2).Select(Show));
        Assert.Equal("Start demo?", result.Plan.Nodes[0].Title);
    }

    [Fact]
    public async Task CompileAsync_CallbackGateAndApproval_AreTwoNodes()
    {
        var plan = await Compile("{\"name\":\"d\",\"phases\":[{\"id\":\"p\",\"tasks\":[{\"id\":\"a\",\"agent\":\"w\",\"prompt\":\"p\",\"requires_approval\":true,\"gate\":{\"callback\":\"x\"}}]}]}");
        Assert.Equal(["a.gate Gate [] []", "a.approval Gate [] []", "a Task [a.gate,a.approval] []"], plan.Nodes.Select(Show));
    }

    [Fact]
    public async Task CompileAsync_LaunchThatCannotWork_IsRefused()
    {
        var text = Text.Replace("callback_url: \"https://example.org/hook\"", "on_failure: callback", StringComparison.Ordinal);
        var launch = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.Callback } };
        var result = await Compiler().CompileAsync(Read(text), launch, CancellationToken.None);
        Assert.Equal(
            ["/options/callback_url", "/phases/0/tasks/0/callback_url", "/phases/0/tasks/1/callback_url", "/phases/1/tasks/0/callback_url"],
            result.Problems.Select(problem => problem.Pointer));
    }

    [Fact]
    public async Task CompileAsync_DelayAndGateWithoutValue_AreProblems()
    {
        var definition = Read(Text);
        var result = await Compiler().CompileAsync(definition, new RunOptions(), JsonElement.Parse("{}"), CancellationToken.None);
        Assert.Equal(["/phases/0/delay", "/phases/0/tasks/1/gate/title"], result.Problems.Select(problem => problem.Pointer));
    }

    [Fact]
    public async Task CompileAsync_LargePrompt_IsStoredOnce()
    {
        var text = $"{{\"name\":\"d\",\"phases\":[{{\"id\":\"p\",\"tasks\":[{{\"id\":\"a\",\"agent\":\"w\",\"prompt\":\"{new string('x', 9000)}\"}}]}}]}}";
        var plan = await Compile(text);
        Assert.Equal(9000, (await _artifacts.ReadTextAsync(plan.Nodes[0].Task!.Prompt, CancellationToken.None)).Length);
        Assert.NotNull(plan.Nodes[0].Task!.Prompt.Artifact);
        Assert.True(plan.Nodes[0].Task!.IsTemplate);
    }

    [Fact]
    public async Task CompileTasksAsync_SingleTask_IsOneNodeWithItsResult()
    {
        var task = new TaskToPlan("task", null, "\n  Say {{hello}} \n and more", null, new RunOptions { RequiresApproval = true, StartAfter = TimeSpan.FromHours(1) });
        var result = await Compiler().CompileTasksAsync("Greeting", [task], task.Options, CancellationToken.None);
        var plan = result.Plan!;
        Assert.Equal(["run.gate Gate [] []", "task Task [run.gate] []"], plan.Nodes.Select(Show));
        Assert.Equal(("task", "generalist", "Say {{hello}}"), (plan.ResultKey, plan.Nodes[1].Task!.Agent, plan.Nodes[1].Title));
        Assert.False(plan.Nodes[1].Task!.IsTemplate);
        Assert.Equal(task.Prompt, plan.Nodes[1].Task!.Prompt.Text);
        Assert.Equal(1, plan.Nodes[1].Weight);
    }

    [Fact]
    public async Task CompileTasksAsync_Batch_KeepsOrderAndNamesEachPlace()
    {
        var tasks = Enumerable.Range(1, 1000).Select(i => new TaskToPlan($"{i}", "w", $"Prompt {i}", $"T{i}", new RunOptions())).ToList();
        tasks[4] = tasks[4] with { Options = new RunOptions { RequiresApproval = true, StartAfter = TimeSpan.FromMinutes(1) } };
        var plan = (await Compiler().CompileTasksAsync("batch", tasks, new RunOptions(), CancellationToken.None)).Plan!;
        Assert.Equal(tasks.Select(task => task.Key), plan.Nodes.Where(node => node.Kind == PlanNodeKind.Task).Select(node => node.Key));
        Assert.Equal(["5.delay Delay [] []", "5.gate Gate [] []", "5 Task [5.delay,5.gate] []"], plan.Nodes.Skip(4).Take(3).Select(Show));
        Assert.Equal(1, plan.Nodes.Sum(node => node.Weight), 9);
        Assert.Null(plan.ResultKey);

        tasks[7] = tasks[7] with { Agent = "nobody" };
        var refused = await Compiler().CompileTasksAsync("batch", tasks, new RunOptions(), CancellationToken.None);
        Assert.Equal("/tasks/7/agent", Assert.Single(refused.Problems).Pointer);
    }

    private static string Show(PlanNode node) =>
        $"{node.Key} {node.Kind} [{string.Join(',', node.Needs)}] [{string.Join(',', node.AfterPhases)}]";

    private static RunOptions OptionsOf(Plan plan, string key) => plan.Nodes.Single(node => node.Key == key).Task!.Options;

    private static WorkflowDefinition Read(string text)
    {
        var result = DefinitionReader.Read(text);
        Assert.Empty(result.Problems);
        return result.Definition!;
    }

    private PlanCompiler Compiler() => new(_agents, _artifacts);

    private async Task<Plan> Compile(string text, string? inputs = null)
    {
        var definition = Read(text);
        var result = inputs is null
            ? await Compiler().CompileAsync(definition, new RunOptions(), CancellationToken.None)
            : await Compiler().CompileAsync(definition, new RunOptions(), JsonElement.Parse(inputs), CancellationToken.None);
        Assert.Empty(result.Problems);
        return result.Plan!;
    }
}
