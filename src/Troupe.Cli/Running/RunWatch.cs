using Spectre.Console;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>Follows a run on the terminal and obeys Ctrl-C.</summary>
internal sealed class RunWatch(RunSession session, RunReport report, Shell shell, InterruptAction onInterrupt)
{
    /// <summary>How long after a first Ctrl-C a second one still means "cancel".</summary>
    private static readonly TimeSpan SecondThoughts = TimeSpan.FromSeconds(2);

    private readonly RunFollower _follower = new(session.Client, shell.Time);
    private readonly PlainDisplay _plain = new(shell.Error, shell.Time);

    public async Task<int> WatchAsync(LaunchResponse launched)
    {
        var workflowId = launched.WorkflowId;
        report.Started(launched);
        if (await FollowAsync(workflowId) is { } finished)
            return await report.FinishedAsync(finished);
        if (onInterrupt == InterruptAction.Detach && !await IsInterruptedAgainAsync())
            return report.Detached(workflowId);
        return await CancelAsync(workflowId);
    }

    private async Task<int> CancelAsync(string workflowId)
    {
        shell.Error.WriteLine("Cancelling; Ctrl-C leaves without waiting.");
        await session.Client.CancelAsync(workflowId, "Interrupted at the command line.");
        return await FollowAsync(workflowId) is { } finished ? await report.FinishedAsync(finished) : ExitCodes.Cancelled;
    }

    /// <summary>The run at its end, or null where the user interrupted.</summary>
    private async Task<RunSnapshot?> FollowAsync(string workflowId)
    {
        using var stop = new CancellationTokenSource();
        var interrupted = shell.Interrupts.NextAsync(stop.Token);
        var following = ShowAsync(workflowId, stop.Token);
        try
        {
            return await Task.WhenAny(following, interrupted) == following ? await following : null;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(following, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<RunSnapshot> ShowAsync(string workflowId, CancellationToken cancellationToken)
    {
        if (report.IsJson)
            return _follower.FollowAsync(workflowId, new SilentDisplay(), cancellationToken);
        if (!shell.IsTerminal)
            return _follower.FollowAsync(workflowId, _plain, cancellationToken);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shell.Error) });
        return TerminalDisplay.RunAsync(console, shell.Time, display => _follower.FollowAsync(workflowId, display, cancellationToken));
    }

    private async Task<bool> IsInterruptedAgainAsync()
    {
        shell.Error.WriteLine(report.Detaching);
        using var patience = new CancellationTokenSource(SecondThoughts, shell.Time);
        var again = shell.Interrupts.NextAsync(patience.Token);
        await again.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return again.IsCompletedSuccessfully;
    }
}
