using System.Text.Json;

namespace Troupe.Cli.Tests.Running;

public sealed class RunTests
{
    private const string Typed = """
        name: typed
        inputs:
          topic: {type: string, required: true}
          count: {type: integer, default: 1}
          deep: {type: boolean, default: false}
          files: {type: array, default: []}
          settings: {type: object, default: {}}
          pace: {type: duration, default: 1s}
        phases:
          - id: only
            tasks:
              - {id: tell, agent: echo, prompt: "{{inputs.topic}}|{{inputs.count}}|{{inputs.deep}}|{{inputs.files}}|{{inputs.settings}}"}
        """;

    [Fact]
    public async Task Run_Agent_PrintsTheResultAloneOnStandardOutput()
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "--prompt", "Say **hello**."));

        Assert.Equal($"Say **hello**.{Environment.NewLine}", cli.Out);
        Assert.Contains("completed Say **hello**. (echo)", cli.Error, StringComparison.Ordinal);
        Assert.Contains("offline simulation", cli.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.Data.DescriptorPath));
    }

    [Theory]
    [InlineData("-", "from standard input")]
    [InlineData("@prompt.txt", "from a file")]
    [InlineData("@@literal", "@literal")]
    public async Task Run_PromptFromElsewhere_IsRead(string prompt, string expected)
    {
        using var cli = new Cli(input: "from standard input");
        cli.Write("prompt.txt", "from a file");

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "-p", prompt));

        Assert.Equal(expected + Environment.NewLine, cli.Out);
    }

    [Fact]
    public async Task Run_WorkflowFile_TypesItsInputs()
    {
        using var cli = new Cli(input: "a topic");
        cli.Write("typed.yaml", Typed);
        cli.Write("settings.json", "{\"a\":[1]}");

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync(
            "run", "typed.yaml", "-i", "topic=-", "-i", "count=7", "-i", "deep=True", "-i", "files=a=b", "-i", "files=c", "-i", "settings=@settings.json"));

        Assert.Equal("a topic|7|true|[\"a=b\",\"c\"]|{\"a\":[1]}", cli.Out.Trim());
    }

    [Fact]
    public async Task Run_InputsOfAFile_AreTakenUnlessGivenByThemselves()
    {
        using var cli = new Cli();
        cli.Write("typed.yaml", Typed.Replace("{{inputs.deep}}", "{{inputs.pace}}", StringComparison.Ordinal));
        cli.Write("inputs.json", """{"topic": "tea", "count": 3, "files": ["a"], "pace": "2h"}""");

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "typed.yaml", "-i", "count=4", "-i", "@inputs.json", "-i", "pace=10s"));

        Assert.Equal("tea|4|10s|[\"a\"]|{}", cli.Out.Trim());
    }

    [Fact]
    public async Task Run_FoldersWhereAServerRunsAlready_SaysThatTheyAreNotUsed()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "-p", "x"));

        Assert.Contains($"{server.Address} runs already", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WorkflowOfAFolder_IsFoundByName()
    {
        using var cli = new Cli();
        cli.Write("flows/typed.yaml", Typed);

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync(
            "run", "typed", "--workflows", "flows", "-i", "topic=x", "-i", "files=[1, 2]", "--tag", "nightly", "--timeout", "5m", "--max-concurrency", "2", "--priority", "high", "--max-retries", "0"));

        Assert.Equal("x|1|false|[1,2]|{}", cli.Out.Trim().Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("count=many", ExitCodes.Invalid, "The input 'count' must be an integer; found 'many'.")]
    [InlineData("deep=perhaps", ExitCodes.Invalid, "must be true or false")]
    [InlineData("settings=[1]", ExitCodes.Invalid, "must be a JSON object")]
    [InlineData("files=[1", ExitCodes.Invalid, "must be a JSON array")]
    [InlineData("topik=x", ExitCodes.Invalid, "no input 'topik'. It takes: topic, count, deep, files, settings, pace.")]
    [InlineData("topic=@nowhere.txt", ExitCodes.Invalid, "nowhere.txt cannot be read: there is no such file.")]
    [InlineData("@typed.yaml", ExitCodes.Invalid, "--input @typed.yaml: the file must hold a JSON object")]
    [InlineData("@list.json", ExitCodes.Invalid, "--input @list.json: the file must hold a JSON object")]
    [InlineData("pace=soon", ExitCodes.Invalid, "/inputs/pace")]
    [InlineData("topic", ExitCodes.Usage, "--input expects name=value")]
    public async Task Run_WrongInput_SaysWhatIsWrong(string input, int code, string complaint)
    {
        using var cli = new Cli();
        cli.Write("typed.yaml", Typed);
        cli.Write("list.json", "[1]");

        Assert.Equal(code, await cli.RunWithAgentsAsync("run", "typed.yaml", "-i", input));
        Assert.Contains(complaint, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Out);
    }

    [Theory]
    [InlineData("run typed.yaml -i topic=a -i topic=b", ExitCodes.Usage, "is given 2 times")]
    [InlineData("run typed.yaml", ExitCodes.Invalid, "/inputs/topic")]
    [InlineData("run typed.yaml -p x", ExitCodes.Usage, "takes --input, not --prompt")]
    [InlineData("run echo", ExitCodes.Usage, "say what it is to do with --prompt")]
    [InlineData("run echo -p x -i a=b", ExitCodes.Usage, "takes --prompt, not --input")]
    [InlineData("run echo -p x --timeout soon", ExitCodes.Usage, "expects a duration")]
    [InlineData("run ghost -p x", ExitCodes.Invalid, "no workflow or agent 'ghost'")]
    [InlineData("run review-rp -p x", ExitCodes.Invalid, "Did you mean \"review-pr\"?")]
    [InlineData("run echo --workflow", ExitCodes.Invalid, "no workflow 'echo'")]
    [InlineData("run typed --agent -p x", ExitCodes.Invalid, "no agent 'typed'")]
    [InlineData("run broken.yaml", ExitCodes.Invalid, "broken.yaml:1:")]
    [InlineData("run missing.yaml", ExitCodes.Invalid, "cannot be read")]
    [InlineData("run echo -p x --config missing.json", ExitCodes.Usage, "no such file")]
    [InlineData("run echo -p x --workflows missing", ExitCodes.Usage, "no such folder")]
    [InlineData("run echo -p x --url nonsense", ExitCodes.Usage, "--url expects an address")]
    [InlineData("run echo -p x --url http://127.0.0.1:1", ExitCodes.Unreachable, "No Troupe server answers")]
    public async Task Run_WrongCommand_EndsWithItsCode(string line, int code, string complaint)
    {
        using var cli = new Cli();
        cli.Write("typed.yaml", Typed);
        cli.Write("broken.yaml", "phases: 7");

        Assert.Equal(code, await cli.RunWithAgentsAsync(line.Split(' ')));
        Assert.Contains(complaint, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TaskFails_EndsWithOneAndSaysWhy()
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Failed, await cli.RunWithAgentsAsync("run", "fail-permanent", "-p", "Try."));

        Assert.Contains("Try.: Simulated permanent failure", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task Run_Json_IsAsRecorded()
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "metered", "-p", "Count.", "--json"));

        Assert.Empty(cli.Error);
        Snapshot.Match("run-json", cli.Out);
    }

    [Fact]
    public async Task Run_OnATerminal_DrawsTheRun()
    {
        using var cli = new Cli(isTerminal: true);

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "-p", "Draw."));

        Assert.Contains("1/1 task", cli.Error, StringComparison.Ordinal);
        Assert.Equal($"Draw.{Environment.NewLine}", cli.Out);
    }

    [Fact]
    public async Task Run_IdTwice_IsRefusedTheSecondTime()
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "-p", "x", "--id", "mine"));
        Assert.Equal(ExitCodes.Failed, await cli.RunWithAgentsAsync("run", "echo", "-p", "x", "--id", "mine"));

        Assert.Contains("'mine' exists already", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Detached_GoesOnAtTheNextStart()
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "echo", "-p", "later", "--detach"));
        var id = cli.Out.Trim();
        Assert.Contains("No server stays behind", cli.Error, StringComparison.Ordinal);
        await using var server = await cli.StartServerAsync();
        await cli.PrintAsync("status", id, "--wait");

        Assert.Equal("later", (await cli.PrintAsync("result", id)).Trim());
    }

    [Fact]
    public async Task Run_DetachedAsJson_PrintsTheLaunch()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        var launched = JsonElement.Parse(await cli.PrintAsync("run", "echo", "-p", "x", "--detach", "--json", "--id", "mine"));

        Assert.Equal(("mine", "queued"), (launched.GetProperty("workflow_id").GetString(), launched.GetProperty("status").GetString()));
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task Run_TheReadmesExample_EndsWithAVerdict()
    {
        using var cli = new Cli();
        var offline = cli.Write("offline.json", "{\"Troupe\":{\"Agents\":{\"Provider\":\"simulated\"}}}");

        Assert.Equal(ExitCodes.Success, await cli.RunAsync(
            "run", "review-pr", "--config", offline, "--input", $"diff=@{Path.Combine(Repository.Root, "examples", "review-pr", "change.diff")}"));

        Assert.Contains("completed Verdict", cli.Error, StringComparison.Ordinal);
        Assert.Contains("imulated", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WorkflowNamedAsAShippedOne_IsTheUsers()
    {
        using var cli = new Cli();
        cli.Write("flows/review-pr.yaml", "name: review-pr\nphases:\n  - {id: p, tasks: [{id: t, agent: echo, prompt: mine}]}\n");

        Assert.Equal(ExitCodes.Success, await cli.RunWithAgentsAsync("run", "review-pr", "--workflows", "flows"));

        Assert.Equal("mine", cli.Out.Trim());
    }
}
