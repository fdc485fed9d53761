using System.Collections.Concurrent;

namespace Troupe.Client.Projects;

/// <summary>
/// Launches tasks on a server and awaits them, as if they were local calls. The work itself is durable: it survives a restart of the
/// server, and where this process dies it goes on and is found by its workflow id. Safe for concurrent use.
/// </summary>
/// <param name="client">The server to run on.</param>
/// <param name="tasks">The project's tasks, for the calls that name them.</param>
public sealed class ProjectOrchestrator(TroupeClient client, params IEnumerable<AgentTask> tasks)
{
    private readonly Dictionary<string, AgentTask> _tasks = tasks.ToDictionary(static task => task.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ExecutionResult> _results = new(StringComparer.Ordinal);

    /// <summary>The latest result of every task executed so far, by name.</summary>
    public IReadOnlyDictionary<string, ExecutionResult> Results => _results;

    /// <summary>Executes a task of the project.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="cancellationToken">Cancels the task on the server too.</param>
    /// <exception cref="UnknownTaskException">The project has no such task.</exception>
    /// <exception cref="UnmetDependencyException">Something it needs has not completed.</exception>
    /// <exception cref="TroupeApiException">The server refused it, for example because it has no such agent.</exception>
    public Task<ExecutionResult> ExecuteTaskAsync(string name, CancellationToken cancellationToken = default) =>
        ExecuteTaskAsync(Find(name), cancellationToken);

    /// <summary>Executes a task that need not belong to the project.</summary>
    /// <inheritdoc cref="ExecuteTaskAsync(string, CancellationToken)"/>
    public async Task<ExecutionResult> ExecuteTaskAsync(AgentTask task, CancellationToken cancellationToken = default) =>
        (await ExecuteTasksParallelAsync([task], 1, cancellationToken))[0];

    /// <summary>Executes tasks of the project in parallel.</summary>
    /// <inheritdoc cref="ExecuteTasksParallelAsync(IEnumerable{AgentTask}, int, CancellationToken)"/>
    public Task<IReadOnlyList<ExecutionResult>> ExecuteTasksParallelAsync(
        IEnumerable<string> names, int maxConcurrency = 10, CancellationToken cancellationToken = default) =>
        ExecuteTasksParallelAsync([.. names.Select(Find)], maxConcurrency, cancellationToken);

    /// <summary>
    /// Executes tasks as one run: each starts as soon as what it needs has completed and a place is free. One that fails harms only those
    /// that need it, which are skipped.
    /// </summary>
    /// <param name="tasks">At most 1,000 tasks, with different names.</param>
    /// <param name="maxConcurrency">How many may go on at once, 1 to 500.</param>
    /// <param name="cancellationToken">Cancels the run on the server too.</param>
    /// <returns>One result a task, in the order given.</returns>
    /// <exception cref="UnmetDependencyException">Something that a task needs has neither completed nor is among them, or they need each other in a circle.</exception>
    /// <exception cref="TroupeApiException">The server refused the run, for example because it has no such agent.</exception>
    public async Task<IReadOnlyList<ExecutionResult>> ExecuteTasksParallelAsync(
        IEnumerable<AgentTask> tasks, int maxConcurrency = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrency, 1);
        AgentTask[] ordered = [.. tasks];
        if (ordered.Length == 0)
            return [];
        var request = RunBuilder.Build(ordered, _results, maxConcurrency);
        var launched = await client.LaunchWorkflowAsync(request, cancellationToken: cancellationToken);
        var results = await new RunAwaiter(client).AwaitAsync(launched.WorkflowId, ordered, cancellationToken);
        foreach (var result in results)
            _results[result.Name] = result;
        return results;
    }

    private AgentTask Find(string name) =>
        _tasks.TryGetValue(name, out var task) ? task : throw new UnknownTaskException(name, _tasks.Keys);
}
