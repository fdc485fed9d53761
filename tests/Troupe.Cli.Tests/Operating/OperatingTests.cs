using System.Text.Json;
using Troupe.Client;

namespace Troupe.Cli.Tests.Operating;

public sealed class OperatingTests
{
    private const string Gated = """
        name: gated
        phases:
          - id: ship
            title: Ship
            gate: {approval: {title: "Ship it?"}}
            tasks:
              - {id: go, agent: echo, prompt: "shipped"}
        """;

    [Fact]
    public async Task Commands_FinishedRun_TellAboutIt()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        cli.Write("two.yaml", """
            name: two
            phases:
              - id: only
                tasks:
                  - {id: first, agent: metered, prompt: "one"}
                  - {id: second, agent: echo, prompt: "two", needs: [first]}
            """);
        await cli.PrintAsync("run", "two.yaml", "--id", "r1", "--tag", "x");

        Snapshot.Match("list", Narrow(await cli.PrintAsync("list", "--status", "completed", "--tag", "x", "--name", "two", "-n", "5")));
        Snapshot.Match("status", Narrow(await cli.PrintAsync("status", "r1")));
        Assert.Equal("two", (await cli.PrintAsync("result", "r1")).Trim());
        Assert.Equal("one", (await cli.PrintAsync("result", "r1", "--task", "first")).Trim());
        Assert.Equal("two", JsonElement.Parse(await cli.PrintAsync("result", "r1", "--json")).GetProperty("result").GetString());
        Assert.Equal(2, JsonElement.Parse(await cli.PrintAsync("status", "r1", "--json")).GetProperty("tasks").GetArrayLength());
        Assert.Equal(ExitCodes.Invalid, await cli.RunAsync("result", "r1", "--task", "third"));
        Assert.Contains("It has: first, second.", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executors_OwnServer_IsListedAlive()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        var one = Assert.Single(JsonElement.Parse(await cli.PrintAsync("executors", "--json")).EnumerateArray());
        var lines = (await cli.PrintAsync("executors")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(one.GetProperty("alive").GetBoolean());
        Assert.StartsWith("EXECUTOR ", lines[0], StringComparison.Ordinal);
        Assert.Matches($@"^{one.GetProperty("id").GetString()}\s+yes\s+0\s+\d{{4}}-", Assert.Single(lines[1..]));
    }

    [Fact]
    public async Task Logs_FinishedRun_TellsItsEventsAndEnds()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        await cli.PrintAsync("run", "echo", "-p", "x", "--id", "r1");

        var lines = (await cli.PrintAsync("logs", "r1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var json = (await cli.PrintAsync("logs", "r1", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("run.queued", lines[0], StringComparison.Ordinal);
        Assert.Contains("run.completed", lines[^1], StringComparison.Ordinal);
        Assert.Equal("run.completed", JsonElement.Parse(json[^1]).GetProperty("type").GetString());
        Assert.Equal(lines.Length, json.Length);
    }

    [Fact]
    public async Task Approve_PendingGate_LetsTheRunGoOn()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        cli.Write("gated.yaml", Gated);
        await cli.PrintAsync("run", "gated.yaml", "--id", "r1", "--detach");
        var approval = await PendingAsync(server.Address);

        Assert.Contains("Ship it?", await cli.PrintAsync("approve"), StringComparison.Ordinal);
        Assert.Contains($"Waiting for Ship it?: troupe approve {approval}", await cli.PrintAsync("status", "r1"), StringComparison.Ordinal);
        Assert.Contains("approved", await cli.PrintAsync("approve", approval, "-m", "Looks fine."), StringComparison.Ordinal);
        await cli.PrintAsync("status", "r1", "--wait");

        Assert.Equal("shipped", (await cli.PrintAsync("result", "r1")).Trim());
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("approve", approval, "--reject"));
        Assert.Contains("The approval is closed", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steering_WaitingRun_PausesResumesCancelsAndReruns()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        cli.Write("gated.yaml", Gated);
        await cli.PrintAsync("run", "gated.yaml", "--id", "r1", "--detach");
        await PendingAsync(server.Address);

        Assert.Contains("pause accepted", await cli.PrintAsync("pause", "r1"), StringComparison.Ordinal);
        Assert.Contains("resume accepted", await cli.PrintAsync("resume", "r1", "--reason", "again"), StringComparison.Ordinal);
        Assert.Contains("cancel accepted", await cli.PrintAsync("cancel", "r1", "--reason", "enough"), StringComparison.Ordinal);
        Assert.Contains("cancelled", await cli.PrintAsync("status", "r1", "--wait"), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("cancel", "r1"));
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("result", "r1"));
        var again = (await cli.PrintAsync("rerun", "r1")).Trim();

        Assert.NotEqual("r1", again);
        await cli.PrintAsync("cancel", again);
    }

    [Fact]
    public async Task Catalogs_Asked_AreListed()
    {
        using var cli = new Cli();
        cli.Write("flows/gated.yaml", Gated);
        await using var server = await cli.StartServerAsync();

        Assert.Contains("fail-once", await cli.PrintAsync("agents"), StringComparison.Ordinal);
        var workflows = await cli.PrintAsync("workflows");
        Assert.Contains("gated", workflows, StringComparison.Ordinal);
        Assert.Contains("review-pr", workflows, StringComparison.Ordinal);
        Assert.Contains(JsonElement.Parse(await cli.PrintAsync("agents", "--json")).EnumerateArray(), static agent => agent.GetProperty("name").GetString() == "echo");
    }

    [Theory]
    [InlineData("list --status gone", "'completed'")]
    [InlineData("frobnicate", "Unrecognized command or argument 'frobnicate'.")]
    public async Task Command_NotUnderstood_SaysWhatIsKnownInTheUsersWords(string line, string complaint)
    {
        using var cli = new Cli();

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(line.Split(' ')));
        Assert.Contains(complaint, cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Troupe.", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Required command", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_UnknownRun_IsInvalid()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        Assert.Equal(ExitCodes.Invalid, await cli.RunAsync("status", "ghost"));
        Assert.Contains("There is no run 'ghost'.", cli.Error, StringComparison.Ordinal);
    }

    /// <summary>Columns are as wide as what is in them, which differs from run to run.</summary>
    private static string Narrow(string table) => System.Text.RegularExpressions.Regex.Replace(table, " {2,}", "  ", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>The approval that the run asks for, found through its events.</summary>
    private static async Task<string> PendingAsync(Uri address)
    {
        using var client = TroupeClient.Connect(address);
        var asked = await client.EventsAsync("r1").FirstAsync(static told => told.Type == "approval.requested");
        return asked.Data!.Value.GetProperty("gate").GetString()!;
    }
}
