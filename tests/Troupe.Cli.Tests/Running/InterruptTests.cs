namespace Troupe.Cli.Tests.Running;

public sealed class InterruptTests
{
    [Fact]
    public async Task Interrupt_Once_LeavesTheRunGoingOn()
    {
        using var cli = new Cli(new HastyTime(10));
        await using var server = await cli.StartServerAsync();

        var running = cli.RunAsync("run", "person", "-p", "Wait for me.", "--id", "r");
        await cli.Interrupts.AwaitedAsync();
        cli.Interrupts.Press();

        Assert.Equal(ExitCodes.Detached, await running);
        Assert.Contains("the run goes on. Ctrl-C again cancels it.", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cancelled", await cli.PrintAsync("status", "r"), StringComparison.Ordinal);
        await cli.PrintAsync("cancel", "r");
    }

    [Fact]
    public async Task Interrupt_OwnServer_SaysThatTheRunStops()
    {
        using var cli = new Cli(new HastyTime(10));

        var running = cli.RunWithAgentsAsync("run", "person", "-p", "Wait for me.", "--id", "r");
        await cli.Interrupts.AwaitedAsync();
        cli.Interrupts.Press();

        Assert.Equal(ExitCodes.Detached, await running);
        Assert.Contains("goes on when a server starts", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_Twice_CancelsTheRun()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();

        var running = cli.RunAsync("run", "person", "-p", "Wait for me.", "--id", "r");
        await cli.Interrupts.AwaitedAsync();
        cli.Interrupts.Press();
        await cli.Interrupts.AwaitedAsync();
        cli.Interrupts.Press();

        Assert.Equal(ExitCodes.Cancelled, await running);
        Assert.Contains("cancelled in", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_OnInterruptCancel_CancelsAtOnce()
    {
        using var cli = new Cli();

        var running = cli.RunWithAgentsAsync("run", "person", "-p", "Wait for me.", "--on-interrupt", "cancel");
        await cli.Interrupts.AwaitedAsync();
        cli.Interrupts.Press();

        Assert.Equal(ExitCodes.Cancelled, await running);
        Assert.DoesNotContain("Detaching", cli.Error, StringComparison.Ordinal);
    }
}
