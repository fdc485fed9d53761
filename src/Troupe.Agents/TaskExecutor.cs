using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Agents;

/// <summary>
/// Runs one task without an engine: in the calling process, once, nothing stored. Retries, parallel runs, tools and people are what
/// durable runs are for (<c>ProjectOrchestrator</c>, or the HTTP API).
/// </summary>
public sealed class TaskExecutor : IAsyncDisposable, IDisposable
{
    private const int MaxTurns = 12;

    private readonly IAgentCatalog catalog;
    private readonly IAgentRunner runner;
    private readonly AgentsOptions options;
    private readonly TimeProvider time;
    private ServiceProvider? owned;

    /// <summary>For dependency injection; <see cref="AgentsServices.AddTroupeAgents"/> registers it.</summary>
    public TaskExecutor(IAgentCatalog catalog, IAgentRunner runner, IOptions<AgentsOptions> options, TimeProvider time)
    {
        this.catalog = catalog;
        this.runner = runner;
        this.options = options.Value;
        this.time = time;
    }

    /// <summary>
    /// For plain code. Keys come from the environment (for example <c>OPENAI_API_KEY</c>), so do settings such as
    /// <c>Troupe__Agents__Provider</c>.
    /// </summary>
    /// <param name="configure">Changes the settings, for example adds a folder of agents.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    public static TaskExecutor Create(Action<AgentsOptions>? configure = null) =>
        Create(new ConfigurationBuilder().AddEnvironmentVariables().Build(), configure);

    /// <summary>For plain code with a configuration of its own.</summary>
    public static TaskExecutor Create(IConfiguration configuration, Action<AgentsOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddTroupeAgents(configuration);
        if (configure is not null)
            services.Configure(configure);
        var provider = services.BuildServiceProvider();
        var executor = provider.GetRequiredService<TaskExecutor>();
        executor.owned = provider;
        return executor;
    }

    /// <summary>Runs the task and returns what came of it. Expected failures are in the result, an unknown agent among them.</summary>
    /// <param name="task">What is to be done.</param>
    /// <param name="agent">Name or path of the agent; null for the configured default agent.</param>
    /// <param name="mode">Null for the agent's own mode, else <see cref="ExecutionMode.Api"/>.</param>
    /// <param name="cancellationToken">Cancelling stops the provider's call, or the local program with all it started.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ExecutionResult> ExecuteAsync(
        AgentTask task, string? agent = null, ExecutionMode? mode = null, CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        var name = agent ?? options.DefaultAgent;
        if (await catalog.FindAsync(name, cancellationToken) is not { } definition)
            return ExecutionResult.Of(name, AgentTurnResult.Fail(new(FailureKinds.UnknownAgent, $"There is no agent '{name}'. Add its file to one of the agent folders, or name another.")), Usage.None, TimeSpan.Zero);
        using var timeout = new CancellationTokenSource(task.Timeout ?? definition.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var (result, usage) = await RunTurnsAsync(task, definition, mode, either.Token);
            return ExecutionResult.Of(definition.Name, result, usage, time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var failure = new Failure(FailureKinds.TimedOut, $"The agent '{definition.Name}' did not end within {(task.Timeout ?? definition.Timeout)!.Value.TotalSeconds:0.#} s.", Retryable: true);
            return ExecutionResult.Of(definition.Name, AgentTurnResult.Fail(failure), Usage.None, time.GetElapsedTime(started));
        }
    }

    /// <summary>Closes connections where <see cref="Create(Action{AgentsOptions})"/> made this executor; otherwise its host does.</summary>
    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => owned?.Dispose();

    private async Task<(AgentTurnResult Result, Usage Usage)> RunTurnsAsync(AgentTask task, AgentDefinition agent, ExecutionMode? mode, CancellationToken cancellationToken)
    {
        List<AgentMessage> messages = [new(MessageRole.User, task.Prompt)];
        var usage = Usage.None;
        for (var turn = 1; ; turn++)
        {
            var result = await runner.RunTurnAsync(
                new AgentTurnRequest
                {
                    Agent = agent,
                    Messages = messages,
                    Mode = mode ?? agent.Mode ?? ExecutionMode.Api,
                    UseDirectLlm = task.UseDirectLlm,
                    Turn = turn,
                    OnText = task.OnText,
                },
                cancellationToken);
            usage = usage.Add(result.Usage);
            if (result.Outcome != TurnOutcome.ToolCalls)
                return (result, usage);
            if (turn == MaxTurns)
                return (AgentTurnResult.Fail(new(FailureKinds.InvalidOutput, $"The agent '{agent.Name}' still asked for tools in turn {MaxTurns}; none are offered here.")), usage);
            messages.Add(new(MessageRole.Assistant, result.Text, result.ToolCalls));
            messages.AddRange(result.ToolCalls.Select(call => new AgentMessage(MessageRole.Tool, $"The tool {call.Name} is not available here. Answer without it.", ToolCallId: call.Id)));
        }
    }
}
