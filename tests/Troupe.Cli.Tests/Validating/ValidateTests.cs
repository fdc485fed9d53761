using System.Text.Json;

namespace Troupe.Cli.Tests.Validating;

public sealed class ValidateTests
{
    private const string Agent = "---\nname: helper\ndescription: Helps.\n---\nHelp.\n";

    private const string Workflow = """
        name: sound
        phases:
          - id: only
            tasks:
              - {id: t, agent: helper, prompt: "Help."}
        """;

    [Fact]
    public async Task Validate_DefaultFolders_AreChecked()
    {
        using var cli = new Cli();
        cli.Write("agents/team/helper.md", Agent);
        cli.Write("agents/README.md", "No agent.");
        cli.Write("workflows/sound.yaml", Workflow);

        Assert.Empty(await cli.PrintAsync("validate"));
        Assert.Contains("1 workflow and 1 agent: no problems.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Problems_HaveFileLineAndColumn()
    {
        using var cli = new Cli();
        cli.Write("agents/broken.md", "---\nname: [\n---\nHelp.\n");
        cli.Write("workflows/ghost.yaml", Workflow.Replace("helper", "ghost", StringComparison.Ordinal));
        cli.Write("workflows/unsound.yaml", "name: unsound\nphases: 7\n");

        Assert.Equal(ExitCodes.Invalid, await cli.RunAsync("validate"));

        Assert.Matches(@"agents/broken\.md:\d+:\d+: ", cli.Out);
        Assert.Contains("workflows/ghost.yaml:5:24: There is no agent \"ghost\".", cli.Out, StringComparison.Ordinal);
        Assert.Contains("workflows/unsound.yaml:2:9: ", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_AgentsOfAnotherFolder_AreFound()
    {
        using var cli = new Cli();
        cli.Write("elsewhere/helper.md", Agent);
        var file = cli.Write("sound.yaml", Workflow);

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("validate", file, "--agents", "elsewhere"));
    }

    [Fact]
    public async Task Validate_Json_ListsTheProblems()
    {
        using var cli = new Cli();
        cli.Write("unsound.json", "{\"name\": \"unsound\"}");

        Assert.Equal(ExitCodes.Invalid, await cli.RunAsync("validate", "unsound.json", "--json"));

        var outcome = JsonElement.Parse(cli.Out);
        Assert.False(outcome.GetProperty("valid").GetBoolean());
        Assert.Equal(1, outcome.GetProperty("problems")[0].GetProperty("line").GetInt32());
    }

    [Theory]
    [InlineData("missing", ExitCodes.Invalid, "no such file or folder")]
    [InlineData("notes.txt", ExitCodes.Invalid, "a workflow ends in")]
    [InlineData(null, ExitCodes.Usage, "Nothing to validate")]
    public async Task Validate_NothingToCheck_SaysSo(string? path, int code, string complaint)
    {
        using var cli = new Cli();
        cli.Write("notes.txt", "");

        Assert.Equal(code, await cli.RunAsync(path is null ? ["validate"] : ["validate", path]));
        Assert.Contains(complaint, cli.Error, StringComparison.Ordinal);
    }
    [Fact]
    public async Task Validate_ShippedWorkflowsAndAgents_AreSound()
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("validate", Path.Combine(Repository.Root, "workflows"), Path.Combine(Repository.Root, "agents")));
    }
}
