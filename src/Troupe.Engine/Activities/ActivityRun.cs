namespace Troupe.Engine.Activities;

internal enum ActivityRunState
{
    Queued,
    Running,
    Removed,
}

/// <summary>A call on its way through the queue. Its state belongs to the dispatcher's lock.</summary>
internal sealed class ActivityRun(ActivityCall call)
{
    public ActivityCall Call { get; } = call;

    public ActivityRunState State { get; set; }

    /// <summary>Whether it counts towards the limit of its concurrency key.</summary>
    public bool HasKey { get; set; }

    /// <summary>The lane in which it has a place.</summary>
    public PaceLanes.Lane? Lane { get; set; }

    /// <summary>When it was taken to run, on the dispatcher's clock.</summary>
    public TimeSpan Begun { get; set; }

    /// <summary>Set when the instance was suspended while this ran and resumed before it ended.</summary>
    public bool RunAgain { get; set; }

    /// <summary>Set at once; the token is cancelled soon after.</summary>
    public bool IsBeingCancelled { get; set; }

    /// <summary>Cancelled when the host stops, or the instance is suspended or has ended.</summary>
    public CancellationTokenSource Cancellation { get; private set; } = new();

    public void Renew()
    {
        Cancellation = new CancellationTokenSource();
        (RunAgain, IsBeingCancelled) = (false, false);
        State = ActivityRunState.Queued;
    }
}
