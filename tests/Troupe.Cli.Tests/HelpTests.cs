using System.CommandLine;

namespace Troupe.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("serve")]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("result")]
    [InlineData("logs")]
    [InlineData("cancel")]
    [InlineData("rerun")]
    [InlineData("approvals")]
    [InlineData("approve")]
    [InlineData("answer")]
    [InlineData("callback")]
    [InlineData("agents")]
    [InlineData("executors")]
    [InlineData("validate")]
    [InlineData("keys")]
    [InlineData("keys create")]
    public async Task Help_Command_IsAsRecorded(string command)
    {
        using var cli = new Cli();

        var help = await cli.PrintAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Snapshot.Match(command.Length == 0 ? "help" : $"help-{command.Replace(' ', '-')}", help.Replace(RootCommand.ExecutableName, "troupe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_Asked_IsTheProgramsOwn()
    {
        using var cli = new Cli();

        Assert.Matches(@"^troupe \d+\.\d+\.\d+\s*$", await cli.PrintAsync("--version"));
    }

    [Theory]
    [InlineData("run", "Required argument missing")]
    [InlineData("frobnicate", "Unrecognized command or argument 'frobnicate'")]
    [InlineData("run a --workflow --agent", "either --workflow or --agent")]
    [InlineData("run a --priority urgent", "urgent")]
    public async Task CommandLine_NotUnderstood_IsUsage(string line, string complaint)
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(line.Split(' ')));
        Assert.Contains(complaint, cli.Error, StringComparison.Ordinal);
        Assert.Contains("--help", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Out);
    }
}
