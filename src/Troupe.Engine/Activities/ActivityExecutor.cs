using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Metrics;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Activities;

/// <summary>Runs activity code and turns whatever comes of it into a message.</summary>
internal sealed class ActivityExecutor(
    DurableTaskRegistry registry, IServiceProvider services, PayloadConverter converter, EngineMetrics metrics, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Lazy<IActivity>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The outcome of a call; null where it was cancelled and so has none.</summary>
    public async Task<Message?> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var scheduled = call.Scheduled;
        metrics.ActivityStarted(scheduled.Name);
        try
        {
            var activity = Find(scheduled.Name);
            var input = converter.Deserialize(scheduled.Input, activity.InputType);
            var output = await activity.RunAsync(new ActivityContext(scheduled.Name, call.InstanceId, cancellation), input);
            var result = converter.Serialize(output, activity.OutputType, $"The result of activity '{scheduled.Name}'");
            metrics.ActivityCompleted(scheduled.Name);
            return new TaskCompleted(scheduled.TaskId, result);
        }
        // Whatever activity code throws is the failure of its call.
        catch (Exception exception)
        {
            // What breaks when it is cancelled has not failed: it runs again once its instance, or the host, goes on.
            if (cancellation.IsCancellationRequested) return null;
            metrics.ActivityFailed(scheduled.Name);
            logger.ActivityFailed(exception, scheduled.Name, scheduled.TaskId, call.InstanceId);
            return new TaskFailed(scheduled.TaskId, FailureDetails.FromException(exception));
        }
    }

    private IActivity Find(string name) => _activities.GetOrAdd(name, Create).Value;

    private Lazy<IActivity> Create(string name) =>
        registry.Activities.TryGetValue(name, out var factory)
            ? new Lazy<IActivity>(() => factory(services), LazyThreadSafetyMode.PublicationOnly)
            : throw new InvalidOperationException($"No activity named '{name}' is registered.");
}
