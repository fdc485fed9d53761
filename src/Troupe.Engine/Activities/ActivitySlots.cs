using Troupe.Durable;

namespace Troupe.Engine.Activities;

/// <summary>The host's slots and those that families of keys have apart. Not safe for concurrent use.</summary>
/// <param name="shared">What all other calls go through.</param>
/// <param name="apart">By the family that the options name.</param>
internal sealed class ActivitySlots(ActivityQueue shared, IReadOnlyDictionary<string, ActivityQueue> apart)
{
    private readonly ActivityQueue[] _all = [shared, .. apart.Values];

    public static ActivitySlots Of(EngineOptions options)
    {
        var limits = new KeyLimits(options);
        return new ActivitySlots(
            new ActivityQueue(options.MaxConcurrentActivities, limits.Of, options.PriorityAgeing),
            options.SlotsApart.ToDictionary(
                static apart => apart.Key,
                apart => new ActivityQueue(apart.Value, limits.Of, options.PriorityAgeing, new PaceLanes(apart.Value)),
                StringComparer.Ordinal));
    }

    public int Running => Sum(static queue => queue.Running);

    public int Waiting => Sum(static queue => queue.Waiting);

    public int WaitingOf(ActivityPriority priority)
    {
        var sum = 0;
        foreach (var queue in _all) sum += queue.WaitingOf(priority);
        return sum;
    }

    public ActivityQueue Of(ActivityRun run) =>
        run.Call.Scheduled.ConcurrencyKey is { } key && apart.Count > 0 && apart.TryGetValue(KeyLimits.FamilyOf(key), out var own) ? own : shared;

    /// <summary>Takes the next call that may run now; null where there is none.</summary>
    public ActivityRun? TryTake()
    {
        foreach (var queue in _all)
        {
            if (queue.TryTake() is { } run) return run;
        }

        return null;
    }

    private int Sum(Func<ActivityQueue, int> of)
    {
        var sum = 0;
        foreach (var queue in _all) sum += of(queue);
        return sum;
    }
}
