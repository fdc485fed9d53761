using Troupe.Durable;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Plans;

internal class ChainPlan(string id, Random random, ChainInput input, DateTimeOffset? startAt = null) : Plan(id, random)
{
    public override string Orchestrator => nameof(Chain);

    public override object Input => input;

    public override DateTimeOffset? StartAt => startAt;

    protected override object ExpectedOutput => input.Output();
}

/// <summary>Runs to its end, and then once more from the beginning.</summary>
internal sealed class RestartPlan(string id, Random random, ChainInput input) : ChainPlan(id, random, input)
{
    public override async Task EndAsync(Stage stage)
    {
        await JudgeAsync(stage);
        stage.Journal.Reopens(Id);
        var answer = await stage.Client.SteerAsync(Id, "restart");
        // Where the answer was lost, the instance may be running already.
        stage.Client.ExpectAccepted(Id, answer);
        await JudgeAsync(stage);
    }
}

internal sealed class FanOutPlan(string id, Random random, FanOutInput input) : Plan(id, random)
{
    public override string Orchestrator => nameof(FanOut);

    public override object Input => input;

    protected override object ExpectedOutput => input.Output();
}

internal sealed class TimersPlan(string id, Random random, int[] delays) : Plan(id, random)
{
    public override string Orchestrator => nameof(Timers);

    public override object Input => delays;

    protected override object ExpectedOutput => delays.Length + 2;
}

internal sealed class RetryPlan(string id, Random random, RetryInput input) : Plan(id, random)
{
    private bool IsHopeless => input.Attempts <= input.Failures;

    public override string Orchestrator => nameof(Retrying);

    public override object Input => input;

    protected override OrchestrationRuntimeStatus ExpectedStatus =>
        IsHopeless ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed;

    protected override object? ExpectedOutput => IsHopeless ? null : Done.ValueOf(2, 0);

    public override Task DriveAsync(Stage stage)
    {
        stage.Journal.ExpectRetriesAfter(Id, TimeSpan.FromMilliseconds(input.IntervalMilliseconds));
        return Task.CompletedTask;
    }
}

internal sealed class FamilyPlan(string id, Random random, FamilyInput input) : Plan(id, random)
{
    public override string Orchestrator => nameof(Family);

    public override object Input => input;

    public override IReadOnlyList<string> Family => [Id, .. Work.Family.ChildrenOf(Id)];

    protected override object ExpectedOutput => input.Output();
}
