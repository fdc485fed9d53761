using System.Diagnostics;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Providers.Command;

public sealed class CommandProviderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Prompt_IsTheInput_OutputTheAnswer()
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Shell("cat; echo ignored >&2"), "Prompt with $(date) and \"quotes\" äöü");

        Assert.Equal((TurnOutcome.Answer, "command", null), (result.Outcome, result.Provider, result.FallbackReason));
        Assert.Equal("You help.\n\nPrompt with $(date) and \"quotes\" äöü\n", result.Text);
    }

    [Fact]
    public async Task Conversation_IsToldUnderHeadings()
    {
        using var host = AgentsHost.Create();

        var result = await host.RunAsync(Shell("cat"), change: request => request with
        {
            Messages = [new(MessageRole.User, "Go"), new(MessageRole.Assistant, "", [new("c1", "ask", "{\"q\":1}")]), new(MessageRole.Tool, "yes", ToolCallId: "c1")],
        });

        Assert.Equal("You help.\n\nGo\n\n## assistant\n\n[calls ask {\"q\":1}]\n\n## tool\n\nyes\n", result.Text);
    }

    [Fact]
    public async Task Arguments_PassNoShell()
    {
        using var host = AgentsHost.Create();
        var agent = Agent.With("provider: command\ncommand: [printf, '%s|', '$HOME', '; touch x', 'a b']");

        Assert.Equal("$HOME|; touch x|a b|", (await host.RunAsync(agent)).Text);
    }

    [Fact]
    public async Task ExitCode_IsAFailureWithTheEndOfItsErrors()
    {
        using var host = AgentsHost.Create();

        var failure = (await host.RunAsync(Shell("i=0; while [ $i -lt 2000 ]; do echo filler-line >&2; i=$((i+1)); done; echo the end >&2; exit 3"))).Failure!;

        Assert.Equal((FailureKinds.ProcessFailed, true), (failure.Kind, failure.Retryable));
        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("the end", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 100, 5000);
    }

    [Fact]
    public async Task InputNotRead_IsNoFailure()
    {
        using var host = AgentsHost.Create();

        Assert.Equal("ok\n", (await host.RunAsync(Shell("exec 0<&-; echo ok"), new string('x', 1_000_000))).Text);
    }

    [Fact]
    public async Task LargeOutput_IsWhole_UpToTheLimit()
    {
        using var host = AgentsHost.Create("CommandOutputLimit=3000000");

        var whole = await host.RunAsync(Shell("head -c 3000000 /dev/zero | tr '\\0' x"));
        var tooMuch = await host.RunAsync(Shell("yes"));

        Assert.Equal(3_000_000, System.Text.Encoding.UTF8.GetByteCount(whole.Text));
        Assert.Equal((FailureKinds.ProcessFailed, false), (tooMuch.Failure!.Kind, tooMuch.Failure.Retryable));
        Assert.Contains("more than 3000000 bytes", tooMuch.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_KillsTheWholeTree()
    {
        using var host = AgentsHost.Create();
        using var cancel = new CancellationTokenSource();
        var ready = Path.Combine(folder.Path, "ready");
        Exec("mkfifo", ready);
        var running = host.RunAsync(Shell($"sleep 1000 & child=$!; echo $$ $child > {ready}; wait"), cancellationToken: cancel.Token);
        var pids = (await File.ReadAllTextAsync(ready)).Split(' ').Select(pid => int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(pids, pid => Assert.True(IsAlive(pid)));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        foreach (var pid in pids)
            await GoneAsync(pid);
    }

    [Fact]
    public async Task Timeout_KillsAndIsRetryable()
    {
        using var host = AgentsHost.Create("CommandTimeout=00:01:00");
        var ready = Path.Combine(folder.Path, "ready");
        Exec("mkfifo", ready);
        var running = host.RunAsync(Shell($"echo $$ > {ready}; sleep 1000"));
        var pid = int.Parse(await File.ReadAllTextAsync(ready), System.Globalization.CultureInfo.InvariantCulture);

        host.Time.Advance(TimeSpan.FromMinutes(1));

        var failure = (await running).Failure!;
        Assert.Equal((FailureKinds.TimedOut, true), (failure.Kind, failure.Retryable));
        await GoneAsync(pid);
    }

    [Fact]
    public async Task ChildLeftBehind_IsNotWaitedFor()
    {
        using var host = AgentsHost.Create();
        var ready = Path.Combine(folder.Path, "ready");
        Exec("mkfifo", ready);

        // It keeps the output open: only the time for draining ends the reading.
        var running = host.RunAsync(Shell($"sleep 1000 & echo $! > {ready}; echo done"));
        var child = int.Parse(await File.ReadAllTextAsync(ready), System.Globalization.CultureInfo.InvariantCulture);
        while (!running.IsCompleted)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("done\n", (await running).Text);
        using var left = Process.GetProcessById(child);
        left.Kill();
    }

    [Theory]
    [InlineData("command: [no-such-program-here, x]", "'no-such-program-here'")]
    [InlineData("command: ./no-such-file", "'./no-such-file'")]
    [InlineData("name: helper", "There is no program for the agent 'helper'")]
    public async Task MissingProgram_IsMissingDependencies(string line, string says)
    {
        using var host = AgentsHost.Create();

        var failure = (await host.RunAsync(Agent.With($"provider: command\n{line}"))).Failure!;

        Assert.Equal((FailureKinds.MissingDependencies, false), (failure.Kind, failure.Retryable));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotExecutable_IsMissingDependencies()
    {
        using var host = AgentsHost.Create();

        var failure = (await host.RunAsync(Agent.With($"provider: command\ncommand: ['{folder.Write("plain.txt", "no program")}']"))).Failure!;

        Assert.Equal(FailureKinds.MissingDependencies, failure.Kind);
    }

    [Theory]
    [InlineData("provider: openai", FailureKinds.MissingApiKey)]
    [InlineData("provider: simulated\nsimulate: {fail_times: 1}", FailureKinds.ProviderUnavailable)]
    [InlineData("provider: simulated\nsimulate: {fail_times: 1, fail_kind: rate_limited}", FailureKinds.RateLimited)]
    public async Task Hybrid_FallsBackToIt_WithTheReason(string agent, string reason)
    {
        using var host = AgentsHost.Create("Command:0=sh", "Command:1=-c", "Command:2=echo from the command");

        var result = await host.RunAsync(Agent.With(agent), change: Hybrid);

        Assert.Equal((TurnOutcome.Answer, "from the command\n", "command", reason), (result.Outcome, result.Text, result.Provider, result.FallbackReason));
    }

    [Fact]
    public async Task Hybrid_WhereItFailsToo_NeedsAPerson()
    {
        using var host = AgentsHost.Create("Command:0=false");

        var result = await host.RunAsync(Agent.With("provider: openai"), change: Hybrid);

        Assert.Equal((TurnOutcome.NeedsPerson, FailureKinds.MissingApiKey), (result.Outcome, result.FallbackReason));
    }

    [Fact]
    public async Task WithoutDirectLlm_ItIsUsedAtOnce()
    {
        using var host = AgentsHost.Create("Command:0=echo", "Command:1=direct");

        var result = await host.RunAsync(Agent.Simulated("{output: no}"), change: request => request with { UseDirectLlm = false });

        Assert.Equal(("direct\n", "command", false), (result.Text, result.Provider, result.Simulated));
    }

    private static AgentTurnRequest Hybrid(AgentTurnRequest request) => request with { Mode = ExecutionMode.Hybrid };

    private static AgentDefinition Shell(string script) => Agent.With("provider: command") with { Command = ["sh", "-c", script] };

    private static void Exec(string program, string argument)
    {
        using var process = Process.Start(program, [argument]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static bool IsAlive(int pid)
    {
        // A killed process stays as a zombie until whoever adopted it has looked.
        var stat = $"/proc/{pid}/stat";
        return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
    }

    private static async Task GoneAsync(int pid)
    {
        for (var tries = 0; tries < 1_000_000; tries++)
        {
            if (!IsAlive(pid))
                return;
            await Task.Yield();
        }

        Assert.Fail($"Process {pid} is still alive.");
    }
}
