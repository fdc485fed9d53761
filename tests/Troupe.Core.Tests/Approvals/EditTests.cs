using System.Text.Json;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Approvals;

public sealed class EditTests
{
    private static readonly Caller Bob = new("bob");

    [Fact]
    public async Task Approve_WithEdits_ChangesWhatRunsBehindTheGateAlone()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await StartAsync(harness);
        var result = await DecideAsync(harness, run, Edits(new { write = "Praise {{inputs.topic}} after {{tasks.read.result}}" }, new { topic = "coffee" }));
        Assert.Equal(DecisionOutcome.Decided, result.Outcome);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("x: Praise coffee after x: Read tea", await harness.ResultAsync(run.Id, "write"));
        Assert.Equal("x: Beside tea", await harness.ResultAsync(run.Id, "beside"));
        var changes = (await harness.Get<IGateStore>().GetAsync(GateOf(run), default))!.Edits!.Changes;
        Assert.Equal(
            [("write", "Write of {{inputs.topic}}", "Praise {{inputs.topic}} after {{tasks.read.result}}"), ("topic", "\"tea\"", "\"coffee\"")],
            changes.Select(static edit => (edit.Name, edit.Before.Text, edit.After.Text)));
        var told = (await harness.Get<IEventLog>().ReadAsync(run.Id, 0, 1_000, default)).Single(static one => one.Type == EventTypes.ApprovalDecided);
        Assert.Equal(2, told.Data.GetProperty("edits").GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("""{"read":"again"}""", null, "/edits/prompts/read", "No task 'read' runs after this gate")]
    [InlineData("""{"none":"x"}""", null, "/edits/prompts/none", "There are: write, last")]
    [InlineData("""{"write":" "}""", null, "/edits/prompts/write", "must not be empty")]
    [InlineData("""{"write":"{{inputs.other}}"}""", null, "/edits/prompts/write", "other")]
    [InlineData("""{"write":"{{#if"}""", null, "/edits/prompts/write", "")]
    [InlineData("""{"write":"{{tasks.last.result}}"}""", null, "/edits/prompts/write", "may not be finished by then")]
    [InlineData(null, """{"nope":1}""", "/edits/inputs/nope", "no input 'nope'")]
    [InlineData(null, """{"topic":5}""", "/edits/inputs/topic", "must be text; found 5")]
    [InlineData(null, """{"topic":null}""", "/edits/inputs/topic", "required")]
    public async Task Approve_WrongEdits_AreRefusedWithTheirPlaceAndChangeNothing(string? prompts, string? inputs, string place, string words)
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await StartAsync(harness);
        var wanted = new WantedEdits(
            prompts is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(prompts), inputs is null ? null : JsonElement.Parse(inputs));
        var result = await DecideAsync(harness, run, wanted);
        Assert.Equal(DecisionOutcome.Invalid, result.Outcome);
        var problem = Assert.Single(result.Problems);
        Assert.Equal(place, problem.Pointer);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Empty((await harness.Get<IGateStore>().GetAsync(GateOf(run), default))!.Decisions);
    }

    [Fact]
    public async Task Approve_EditsAfterAnotherApproval_AreTooLate()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await StartAsync(harness, quorum: 2);
        Assert.Equal(DecisionOutcome.Decided, (await DecideAsync(harness, run, Edits(new { write = "First" }, null))).Outcome);
        var late = await harness.Get<GateDecisions>().DecideAsync(GateOf(run), new Decision(true, Edits: Edits(new { write = "Second" }, null)), Bob, default);
        Assert.Equal(DecisionOutcome.TooLateToEdit, late.Outcome);
        Assert.Equal(DecisionOutcome.Decided, (await harness.Get<GateDecisions>().DecideAsync(GateOf(run), new Decision(true), Bob, default)).Outcome);
        await harness.EndAsync(run.Id);
        Assert.Equal("x: First", await harness.ResultAsync(run.Id, "write"));
    }

    [Fact]
    public async Task Approve_EditsThatChangeNothing_LeaveNoTrace()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await StartAsync(harness);
        var result = await DecideAsync(harness, run, Edits(new { write = "Write of {{inputs.topic}}" }, new { topic = "tea" }));
        Assert.Equal(DecisionOutcome.Decided, result.Outcome);
        Assert.Null(result.Gate!.Edits);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Rerun_OfAnEditedRun_KeepsTheEditsButForItsOwnOverrides()
    {
        var fails = true;
        await using var harness = await RunHarness.StartAsync(agents => agents.On("last", request => fails
            ? ScriptedAgents.Answer("never") with { Outcome = Agents.TurnOutcome.Failed, Failure = new Failure(FailureKinds.BadRequest, "no") }
            : ScriptedAgents.Answer(request.Messages[^1].Text)));
        var run = await StartAsync(harness);
        await DecideAsync(harness, run, Edits(new { write = "Edited", last = "Edited last of {{inputs.topic}}" }, new { topic = "coffee" }));
        Assert.Equal(WorkStatus.Failed, (await harness.EndAsync(run.Id)).Status);
        fails = false;
        var kept = await harness.Get<RunControl>().RerunAsync(run.Id, new RerunRequest("failed"), Bob, default);
        await harness.EndAsync(kept!.Run!.Id);
        Assert.Equal("Edited last of coffee", await harness.ResultAsync(kept.Run.Id, "last"));
        var overridden = await harness.Get<RunControl>().RerunAsync(
            run.Id, new RerunRequest("failed", new RerunOverrides { Prompts = new Dictionary<string, string> { ["last"] = "Mine of {{inputs.topic}}" } }), Bob, default);
        await harness.EndAsync(overridden!.Run!.Id);
        Assert.Equal("Mine of coffee", await harness.ResultAsync(overridden.Run.Id, "last"));
    }

    [Fact]
    public async Task Context_OpenGate_TellsWhatRunsNextAndWhatWasDone()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await StartAsync(harness);
        var gate = await harness.Get<IGateStore>().GetAsync(GateOf(run), default);
        var context = await harness.Get<ApprovalContexts>().ReadAsync(gate!, default);
        var next = Assert.Single(context!.Next);
        Assert.Equal(("write", "x", "Write of tea", true), (next.Key, next.Agent, next.Prompt, next.IsRendered));
        Assert.Equal(("read", "x: Read tea"), Assert.Single(context.Earlier.Where(static task => task.Key == "read").Select(static task => (task.Key, task.Summary))));
        Assert.True(context.Usage.CostUsd > 0);
        var later = await harness.Get<ApprovalContexts>().PromptAsync(gate!, "last", default);
        Assert.Equal((false, "After {{tasks.write.result}}"), (later!.IsRendered, later.Prompt));
        Assert.Null(await harness.Get<ApprovalContexts>().PromptAsync(gate!, "read", default));
    }

    private static WantedEdits Edits(object prompts, object? inputs) => new(
        JsonSerializer.SerializeToElement(prompts).Deserialize<Dictionary<string, string>>(), inputs is null ? null : JsonSerializer.SerializeToElement(inputs));

    private static string GateOf(RunRecord run) => $"{run.Id}:two.gate";

    private static Task<DecisionResult> DecideAsync(RunHarness harness, RunRecord run, WantedEdits edits) =>
        harness.Get<GateDecisions>().DecideAsync(GateOf(run), new Decision(true, Edits: edits), RunHarness.Ann, default);

    private static async Task<RunRecord> StartAsync(RunHarness harness, int quorum = 1)
    {
        var run = await harness.LaunchAsync(
            new
            {
                name = "edited",
                inputs = new { topic = new { type = "string", required = true } },
                phases = new object[]
                {
                    new { id = "one", tasks = new[] { new { id = "read", agent = "x", prompt = "Read {{inputs.topic}}" } } },
                    new { id = "two", after = new[] { "one" }, gate = new { approval = new { title = "Go on?", quorum } }, tasks = new[] { new { id = "write", agent = "x", prompt = "Write of {{inputs.topic}}" } } },
                    new { id = "aside", after = new[] { "one" }, tasks = new[] { new { id = "beside", agent = "x", prompt = "Beside {{inputs.topic}}" } } },
                    new { id = "three", after = new[] { "two" }, tasks = new[] { new { id = "last", agent = "last", prompt = "After {{tasks.write.result}}" } } },
                },
            },
            new { topic = "tea" });
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), GateOf(run));
        return run;
    }
}
