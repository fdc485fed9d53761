using System.Text.Json;
using Troupe.Cli.Connecting;
using Troupe.Cli.Serving;
using Troupe.Client;

namespace Troupe.Cli.Tests.Operating;

/// <summary>Approvals, questions and callbacks at the command line.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    private const string Gated = """
        name: gated
        inputs: {topic: {type: string, default: tea}}
        phases:
          - id: ship
            gate: {approval: {title: "Ship it?", description: "Look twice.", approvers: [local, "group:leads"]}}
            tasks: [{id: go, agent: echo, prompt: "Praise {{inputs.topic}}"}]
        """;

    private readonly Cli _cli = new(input: "{\"from\": \"standard input\"}");
    private EmbeddedServer _server = null!;

    public async Task InitializeAsync() => _server = await _cli.StartServerAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Approve_ByItsRunWithEdits_RunsWhatWasEditedAndShowsTheDifference()
    {
        _cli.Write("gated.yaml", Gated);
        _cli.Write("prompt.txt", "Sing of {{inputs.topic}}");
        await _cli.PrintAsync("run", "gated.yaml", "--id", "r1", "--detach");
        await AskedAsync("r1", "approval.requested");

        var listed = await _cli.PrintAsync("approvals", "--mine");
        Assert.Contains("local, group:leads", listed, StringComparison.Ordinal);
        var before = await _cli.PrintAsync("approvals", "r1");
        foreach (var part in (string[])["Ship it?", "Look twice.", "0 of 1 have approved", "Next: go (echo): Praise tea", "Decide: troupe approve r1:ship.gate"])
            Assert.Contains(part, before, StringComparison.Ordinal);
        Assert.Equal("r1:ship.gate: approved, with 2 edits", (await _cli.PrintAsync("approve", "r1", "-e", "go=@prompt.txt", "-e", "inputs.topic=coffee", "-m", "better so")).Trim());
        await _cli.PrintAsync("status", "r1", "--wait");

        Assert.Equal("Sing of coffee", (await _cli.PrintAsync("result", "r1")).Trim());
        var after = await _cli.PrintAsync("approvals", "r1:ship.gate");
        foreach (var part in (string[])["approved by local", "better so", "Edited by local:", "  - Praise {{inputs.topic}}", "  + Sing of {{inputs.topic}}", "  inputs.topic", "  + \"coffee\""])
            Assert.Contains(part, after, StringComparison.Ordinal);
        Assert.Contains("r1:ship.gate", await _cli.PrintAsync("approvals", "--status", "decided", "--run", "r1"), StringComparison.Ordinal);
        Assert.DoesNotContain("r1:ship.gate", await _cli.PrintAsync("approvals"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve nothing", ExitCodes.Invalid, "There is no approval 'nothing', and no run or task of that id waits for one.")]
    [InlineData("approve r1 --reject -e go=x", ExitCodes.Usage, "leave --edit or --reject out")]
    [InlineData("approve r1 -e nobody=x", ExitCodes.Invalid, "/edits/prompts/nobody")]
    [InlineData("approvals nothing", ExitCodes.Invalid, "There is no approval or question 'nothing', and no run or task of that id waits for one.")]
    [InlineData("answer r1:ship.gate yes", ExitCodes.Invalid, "is no question: decide it with 'troupe approve r1:ship.gate'")]
    public async Task Approve_Wrong_SaysWhat(string line, int code, string complaint)
    {
        _cli.Write("gated.yaml", Gated);
        await _cli.PrintAsync("run", "gated.yaml", "--id", "r1", "--detach");
        await AskedAsync("r1", "approval.requested");

        Assert.Equal(code, await _cli.RunAsync(line.Split(' ')));
        Assert.Contains(complaint, _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_Choice_IsListedShownCheckedAndTaken()
    {
        await _cli.PrintAsync("run", "asker", "-p", "paint", "--id", "r1", "--detach");
        var id = await AskedAsync("r1", "question.asked");

        Assert.Contains("red | blue", await _cli.PrintAsync("answer"), StringComparison.Ordinal);
        Assert.Contains($"Answer with one of red | blue: troupe answer {id} 'red'", await _cli.PrintAsync("answer", "r1"), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("answer", "r1", "green"));
        Assert.Contains("/answer: The answer must be one of 'red', 'blue'.", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("approve", id));
        Assert.Contains($"'{id}' is a question: answer it with 'troupe answer {id} …'.", _cli.Error, StringComparison.Ordinal);
        Assert.Equal($"{id}: answered", (await _cli.PrintAsync("answer", "r1:task", "blue")).Trim());
        await _cli.PrintAsync("status", "r1", "--wait");

        Assert.Equal("asked: paint", (await _cli.PrintAsync("result", "r1")).Trim());
        Assert.Equal(ExitCodes.Failed, await _cli.RunAsync("answer", id, "red"));
        Assert.Contains("The question is closed: local answered it.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_Json_NamesThePlaceInTheSchema()
    {
        await _cli.PrintAsync("run", "judge", "-p", "rate it", "--id", "r1", "--detach");
        var id = await AskedAsync("r1", "question.asked");

        Assert.Contains("\"maximum\":10", await _cli.PrintAsync("answer", id), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("answer", id, "eleven"));
        Assert.Contains("The question wants JSON, and the answer is none: line 1, byte", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("answer", id, "{\"scores\":[1,11]}"));
        Assert.Contains("/answer/scores/1: ", _cli.Error, StringComparison.Ordinal);
        await _cli.PrintAsync("answer", id, "{\"scores\":[1,9]}");
        await _cli.PrintAsync("status", "r1", "--wait");

        Assert.Equal(9, JsonElement.Parse(await _cli.PrintAsync("result", "r1")).GetProperty("scores")[1].GetInt32());
    }

    /// <summary>The inbox is an approver's; a task's question is its operator's, too.</summary>
    [Fact]
    public async Task Answer_KeyOfAnOperatorAlone_AnswersWhatItsTasksAsk()
    {
        _cli.Variables[KeyFinder.Variable] = (await _cli.PrintAsync("keys", "create", "--name", "o", "--role", "operator")).Trim();
        await _cli.PrintAsync("run", "judge", "-p", "rate it", "--id", "r1", "--detach");
        await _cli.PrintAsync("run", "asker", "-p", "paint", "--id", "r2", "--detach");
        var judged = await AskedAsync("r1", "question.asked");
        await AskedAsync("r2", "question.asked");
        await ToldAsync("r1", "task.waiting");
        await ToldAsync("r2", "task.waiting");

        Assert.Equal(ExitCodes.Failed, await _cli.RunAsync("answer"));
        Assert.Contains("Only an approver's key lists the questions of all runs. Name one: troupe answer <run>", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("\"maximum\":10", await _cli.PrintAsync("answer", "r1"), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("answer", judged, "eleven"));
        Assert.Contains("The question wants JSON", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("answer", "r2:task", "green"));
        Assert.Contains("/answer: The answer must be one of 'red', 'blue'.", _cli.Error, StringComparison.Ordinal);
        Assert.Equal($"{judged}: answered", (await _cli.PrintAsync("answer", judged, "{\"scores\":[1,9]}")).Trim());
        await _cli.PrintAsync("answer", "r2", "blue");
        await _cli.PrintAsync("status", "r1", "--wait");
        await _cli.PrintAsync("status", "r2", "--wait");

        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("answer", "r2", "red"));
        Assert.Contains("There is no question 'r2'", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_WithItsToken_IsTakenOnceAndLaterOnesAreRefused()
    {
        _cli.Write("called.yaml", """
            name: called
            phases: [{id: ship, gate: {callback: deployed}, tasks: [{id: go, agent: echo, prompt: "on"}]}]
            """);
        await _cli.PrintAsync("run", "called.yaml", "--id", "r1", "--detach");
        var token = System.Text.RegularExpressions.Regex.Match(_cli.Error, "Callback deployed: POST JSON to http://[^ ]+/api/v1/workflows/r1/callbacks/deployed with the header x-callback-token: (trc_[^ ]+) \\(told this once\\)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

        Assert.Equal(ExitCodes.Failed, await _cli.RunAsync("callback", "r1", "deployed", "{}", "--token", token[..^1] + "-"));
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("callback", "r1", "deployed", "no json"));
        Assert.Equal(ExitCodes.Invalid, await _cli.RunAsync("callback", "r1", "other"));
        Assert.Contains("'deployed' was taken", await _cli.PrintAsync("callback", "r1", "deployed", "-", "--token", token, "--delivery", "d1"), StringComparison.Ordinal);
        await _cli.PrintAsync("status", "r1", "--wait");
        Assert.Equal(ExitCodes.Failed, await _cli.RunAsync("callback", "r1", "deployed", "{\"n\": 2}"));

        Assert.Contains("waits for the callback 'deployed' no more", _cli.Error, StringComparison.Ordinal);
        await _cli.PrintAsync("rerun", "r1", "--from", "go");
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(_cli.Error, "\\(told this once\\)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Run_WaitsForSeveralThings_NamesTheCommandForEach()
    {
        _cli.Write("all.yaml", """
            name: all
            phases:
              - {id: a, gate: {callback: deployed}, tasks: [{id: one, agent: echo, prompt: "1"}]}
              - {id: b, gate: {approval: {title: "Go?"}}, tasks: [{id: two, agent: echo, prompt: "2"}]}
              - {id: c, tasks: [{id: three, agent: asker, prompt: "3"}]}
            """);
        var run = _cli.RunAsync("run", "all.yaml", "--id", "r1");
        await _cli.SaidAsync("for the callback, \"deployed\": troupe callback r1 deployed --url http://127.0.0.1");
        await _cli.SaidAsync("for an approval, \"Go?\": troupe approve r1:b.gate --url");
        await _cli.SaidAsync("for an answer, \"Which colour?\": troupe answer r1:three.");
        await _cli.PrintAsync("approve", "r1");
        await _cli.PrintAsync("answer", "r1", "red");
        await _cli.PrintAsync("callback", "r1", "deployed");

        Assert.Equal(ExitCodes.Success, await run);
    }

    /// <summary>The gate that the run's event tells of.</summary>
    private async Task<string> AskedAsync(string run, string type) => (await ToldAsync(run, type)).Data!.Value.GetProperty("gate").GetString()!;

    private async Task<RunEvent> ToldAsync(string run, string type)
    {
        using var client = TroupeClient.Connect(_server.Address, new TroupeClientOptions { Key = _cli.Variables.GetValueOrDefault(KeyFinder.Variable) });
        return await client.EventsAsync(run).FirstAsync(told => told.Type == type);
    }
}
