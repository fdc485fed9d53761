using Troupe.Durable;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Plans;

/// <summary>Would go on for ever, so it is terminated, and its descendants with it.</summary>
internal sealed class DoomedPlan(string id, Random random, int generations) : Plan(id, random)
{
    public override string Orchestrator => nameof(Doomed);

    public override object Input => generations;

    public override IReadOnlyList<string> Family
    {
        get
        {
            List<string> ids = [Id];
            for (var generation = 0; generation < generations; generation++) ids.Add(Doomed.ChildOf(ids[^1]));
            return ids;
        }
    }

    protected override OrchestrationRuntimeStatus ExpectedStatus => OrchestrationRuntimeStatus.Terminated;

    protected override object ExpectedOutput => "terminated";

    public override async Task DriveAsync(Stage stage)
    {
        await stage.PauseAsync(Random, 600);
        var answer = await stage.Client.SteerAsync(Id, "terminate");
        stage.Client.ExpectAccepted(Id, answer);
    }

    public override async Task EndAsync(Stage stage)
    {
        await JudgeAsync(stage);
        foreach (var descendant in Family.Skip(1))
        {
            // One that was not there when its parent ended never comes.
            if (await stage.Client.FindAsync(descendant) is null) return;
            var (ended, process) = await stage.Client.EndAsync(descendant);
            stage.Journal.SawEnd(descendant, process);
            if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Terminated)
                throw stage.Verdict.Fail(descendant, $"its parent was terminated, and it is {ended.RuntimeStatus}");
        }
    }
}
