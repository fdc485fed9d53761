using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Metrics;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Activities;

/// <summary>
/// Runs activity code and turns whatever comes of it into a message. A full disk is no outcome: an activity that could not store what it
/// did runs again until it can, as it would after a crash.
/// </summary>
internal sealed class ActivityExecutor(
    DurableTaskRegistry registry, IServiceProvider services, PayloadConverter converter, EngineMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<IActivity>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The outcome of a call; null where it was cancelled and so has none.</summary>
    public async ValueTask<Message?> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        metrics.ActivityStarted(call.Scheduled.Name);
        for (var delay = FirstRetry; ; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
        {
            try
            {
                return await TryAsync(call, cancellation);
            }
            catch (StoreUnavailableException unavailable)
            {
                logger.ActivityNotStored(call.Scheduled.Name, call.InstanceId, delay, unavailable.Reason);
                await Task.Delay(delay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellation.IsCancellationRequested) return null;
            }
        }
    }

    /// <exception cref="StoreUnavailableException">The activity met a store that takes nothing now.</exception>
    private async ValueTask<Message?> TryAsync(ActivityCall call, CancellationToken cancellation)
    {
        var scheduled = call.Scheduled;
        try
        {
            var activity = Find(scheduled.Name);
            var input = converter.Deserialize(scheduled.Input, activity.InputType);
            var output = await activity.RunAsync(new ActivityContext(scheduled.Name, call.InstanceId, cancellation), input);
            var result = converter.Serialize(output, activity.OutputType, "The result of activity", scheduled.Name);
            metrics.ActivityCompleted(scheduled.Name);
            return new TaskCompleted(scheduled.TaskId, result);
        }
        // Whatever else activity code throws is the failure of its call.
        catch (Exception exception) when (exception is not StoreUnavailableException || cancellation.IsCancellationRequested)
        {
            // What breaks when it is cancelled has not failed: it runs again once its instance, or the host, goes on.
            if (cancellation.IsCancellationRequested) return null;
            metrics.ActivityFailed(scheduled.Name);
            logger.ActivityFailed(exception, scheduled.Name, scheduled.TaskId, call.InstanceId);
            return new TaskFailed(scheduled.TaskId, FailureDetails.FromException(exception));
        }
    }

    private IActivity Find(string name) => _activities.GetOrAdd(name, static (name, executor) => executor.Create(name), this).Value;

    private Lazy<IActivity> Create(string name) =>
        registry.Activities.TryGetValue(name, out var factory)
            ? new Lazy<IActivity>(() => factory(services), LazyThreadSafetyMode.PublicationOnly)
            : throw new InvalidOperationException($"No activity named '{name}' is registered.");
}
