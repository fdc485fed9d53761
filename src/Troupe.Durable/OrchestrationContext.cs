using Microsoft.Extensions.Logging;

namespace Troupe.Durable;

/// <summary>
/// What an orchestrator may use. Orchestrator code is replayed from history, so it must reach everything that is not
/// deterministic (time, ids, I/O) through this context and await nothing but tasks that come from it.
/// </summary>
public abstract class OrchestrationContext
{
    /// <summary>The registered name of this orchestrator.</summary>
    public abstract string Name { get; }

    public abstract string InstanceId { get; }

    /// <summary>The id of the orchestration that called this one, or null for a top-level instance.</summary>
    public abstract string? ParentInstanceId { get; }

    /// <summary>The version this instance began with; the empty string where none was given.</summary>
    public abstract string Version { get; }

    /// <summary>The time of the current step in UTC. It is the same on every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while the code runs over steps that are already in the history.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>The input this instance was started with, or the default where there was none.</summary>
    public abstract T? GetInput<T>();

    /// <summary>Runs an activity at least once and returns its recorded result.</summary>
    /// <exception cref="TaskFailedException">The activity threw, and the retry policy (if any) is spent.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <inheritdoc cref="CallActivityAsync{TResult}"/>
    public Task CallActivityAsync(string name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object?>(name, input, options);

    /// <summary>Starts a child orchestration and waits for its result. Give the child's id in the options.</summary>
    /// <exception cref="TaskFailedException">The child failed or was terminated.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <inheritdoc cref="CallSubOrchestratorAsync{TResult}"/>
    public Task CallSubOrchestratorAsync(string name, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object?>(name, input, options);

    /// <summary>
    /// Completes at or after <paramref name="fireAt"/> (UTC), never before. A timer that is no longer needed must be cancelled:
    /// an instance neither ends nor continues as new while one is open.
    /// </summary>
    /// <remarks>
    /// Due times are those of the host's clock, and <see cref="CurrentUtcDateTime"/> never goes back: a clock set back by an hour makes
    /// what was to fire within that hour, delays begun meanwhile included, fire an hour later.
    /// </remarks>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <inheritdoc cref="CreateTimer(DateTime, CancellationToken)"/>
    public Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime + delay, cancellationToken);

    /// <summary>Waits for the next event of that name (case is ignored). An event that came earlier is delivered at once.</summary>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event for at most <paramref name="timeout"/>.</summary>
    /// <exception cref="TaskCanceledException">The time was up first.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout)
    {
        using var stopWaiting = new CancellationTokenSource();
        using var stopTimer = new CancellationTokenSource();
        var arrived = WaitForExternalEvent<T>(eventName, stopWaiting.Token);
        var timer = CreateTimer(timeout, stopTimer.Token);
        Cancel(await Task.WhenAny(arrived, timer) == arrived ? stopTimer : stopWaiting);
        return await arrived;
    }

    /// <summary>Sends an event to another instance. It is sent when the current step is committed, and not more than once.</summary>
    public abstract void SendEvent(string instanceId, string eventName, object? payload = null);

    /// <summary>Publishes a small JSON value with the instance's state.</summary>
    /// <exception cref="ArgumentException">The value serializes to more than 16 KB of UTF-16.</exception>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>
    /// Ends this execution and starts the orchestrator again under the same id, with a new history and the newest version (embedded engine;
    /// Durable Functions keeps the instance's own). It takes effect when the orchestrator returns.
    /// </summary>
    /// <param name="newInput">The input of the next execution.</param>
    /// <param name="preserveUnprocessedEvents">Whether events not yet received go on to the next execution.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>A new GUID that is the same on every replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent during replay.</summary>
    public abstract ILogger CreateReplaySafeLogger(string categoryName);

    /// <inheritdoc cref="CreateReplaySafeLogger(string)"/>
    public ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T).FullName ?? typeof(T).Name);

    // CancelAsync would run the callbacks on another thread, where orchestrator code must not run.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
