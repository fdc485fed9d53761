using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests;

public sealed class TaskExecutorTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Execute_NamedAgent_ReturnsItsAnswer()
    {
        folder.Write("echo.md", "---\nprovider: simulated\nsimulate: {output: '{{prompt}}!', input_tokens: 3}\n---\nRepeat.");
        await using var executor = Create();

        var result = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "echo");

        Assert.Equal((true, "Hello!", "echo", "simulated", true, false), (result.Succeeded, result.Text, result.Agent, result.Provider, result.Simulated, result.RequiresImplementation));
        Assert.Equal(3, result.Usage.InputTokens);
    }

    [Fact]
    public async Task Execute_NoAgent_UsesTheShippedGeneralist()
    {
        await using var executor = TaskExecutor.Create(new ConfigurationBuilder().Build());

        var result = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" });

        Assert.Equal((true, "generalist"), (result.Succeeded, result.Agent));
    }

    [Fact]
    public async Task Execute_UnknownAgent_IsAFailureInTheResult()
    {
        await using var executor = Create();

        var result = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "nobody");

        Assert.Equal((false, FailureKinds.UnknownAgent), (result.Succeeded, result.Failure!.Kind));
        Assert.Contains("'nobody'", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_AgentsOwnMode_Holds_UnlessAnotherIsGiven()
    {
        folder.Write("person.md", "---\nprovider: simulated\nmode: interactive\n---\nAsk.");
        await using var executor = Create();

        var own = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "person");
        var given = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "person", ExecutionMode.Api);

        Assert.Equal((false, true), (own.Succeeded, own.RequiresImplementation));
        Assert.True(given.Succeeded);
    }

    [Fact]
    public async Task Execute_ToolsAskedFor_AreRefusedAndTheAnswerAwaited()
    {
        folder.Write("caller.md", "---\nprovider: simulated\nsimulate: {tool_calls: [{name: a}, {name: b}], output: without, output_tokens: 2}\n---\nCall.");
        folder.Write("endless.md", $"---\nprovider: simulated\nsimulate: {{tool_calls: [{string.Join(", ", Enumerable.Repeat("{name: a}", 20))}]}}\n---\nCall.");
        await using var executor = Create();

        var result = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "caller");
        var endless = await executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "endless");

        Assert.Equal(("without", 6), (result.Text, result.Usage.OutputTokens));
        Assert.Equal(FailureKinds.InvalidOutput, endless.Failure!.Kind);
    }

    [Fact]
    public async Task Execute_AgentsTimeout_EndsIt()
    {
        folder.Write("slow.md", "---\nprovider: simulated\ntimeout: 5s\nsimulate: {latency: 10s}\n---\nWait.");
        using var host = AgentsHost.Create($"Roots:0={folder.Path}");
        var running = host.Get<TaskExecutor>().ExecuteAsync(new AgentTask { Prompt = "Hello" }, "slow");
        while (host.Time.ActiveTimers < 2)
            await Task.Yield();

        host.Time.Advance(TimeSpan.FromSeconds(5));

        var result = await running;
        Assert.Equal((FailureKinds.TimedOut, TimeSpan.FromSeconds(5)), (result.Failure!.Kind, result.Duration));
    }

    [Fact]
    public async Task Execute_Cancelled_Throws()
    {
        await using var executor = Create();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            executor.ExecuteAsync(new AgentTask { Prompt = "Hello" }, "generalist", cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Create_WrongSetting_NamesIt() =>
        Assert.Contains("Troupe:Agents:Provider is 'nonsense'", Assert.Throws<OptionsValidationException>(() => TaskExecutor.Create(options => options.Provider = "nonsense")).Message, StringComparison.Ordinal);

    private TaskExecutor Create() => TaskExecutor.Create(new ConfigurationBuilder().Build(), options => options.Roots.Add(folder.Path));
}
