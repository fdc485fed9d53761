using System.Net;
using System.Text.Json;
using Troupe.Durable;

namespace Troupe.Engine.Crash.Plans;

/// <summary>One instance: how it is started, what is done to it, and what must come of it.</summary>
internal abstract class Plan(string id, Random random)
{
    public string Id => id;

    public abstract string Orchestrator { get; }

    public abstract object Input { get; }

    public virtual DateTimeOffset? StartAt => null;

    /// <summary>The instances that belong to it, itself first.</summary>
    public virtual IReadOnlyList<string> Family => [id];

    /// <summary>How often it is suspended and resumed meanwhile.</summary>
    public int Suspends { get; init; }

    /// <summary>Whether it leaves so much behind that it is always purged.</summary>
    public virtual bool IsBulky => false;

    protected Random Random => random;

    protected virtual OrchestrationRuntimeStatus ExpectedStatus => OrchestrationRuntimeStatus.Completed;

    /// <summary>Null where it does not matter.</summary>
    protected abstract object? ExpectedOutput { get; }

    /// <summary>Starts it: once, however often it has to be asked for.</summary>
    public async Task LaunchAsync(Stage stage)
    {
        var answer = await stage.Client.StartAsync(id, Orchestrator, Input, StartAt);
        stage.Client.ExpectAccepted(id, answer, HttpStatusCode.Conflict);
        stage.Tally.Launched();
    }

    /// <summary>Does to it what it needs in order to end.</summary>
    public virtual Task DriveAsync(Stage stage) => Task.CompletedTask;

    /// <summary>Leads it to its last end.</summary>
    public virtual Task EndAsync(Stage stage) => JudgeAsync(stage);

    /// <summary>Waits for its end and judges it; later it must still be so.</summary>
    public async Task JudgeAsync(Stage stage)
    {
        var (instance, process) = await stage.Client.EndAsync(id);
        stage.Journal.SawEnd(id, process);
        var expected = ExpectedOutput is { } output ? JsonSerializer.Serialize(output, output.GetType(), JsonSerializerOptions.Web) : null;
        if (instance.RuntimeStatus != ExpectedStatus || (expected is not null && instance.SerializedOutput != expected))
        {
            throw stage.Verdict.Fail(
                id,
                $"it is {instance.RuntimeStatus} with {instance.SerializedOutput ?? instance.FailureDetails?.ErrorMessage ?? "no output"} "
                + $"instead of {ExpectedStatus} with {expected ?? "any output"}");
        }
    }

    /// <summary>While it is suspended it stays so, whatever happens to the process.</summary>
    public async Task SuspendAndResumeAsync(Stage stage)
    {
        for (var round = 0; round < Suspends; round++)
        {
            await stage.PauseAsync(random, 200);
            var answer = await stage.Client.SteerAsync(id, "suspend");
            if (stage.Client.Expect(id, answer, HttpStatusCode.Accepted, HttpStatusCode.Gone).Status == HttpStatusCode.Gone) return;
            if (!await BecomesAsync(stage, suspended: true)) return;
            for (var look = random.Next(4); look > 0; look--)
            {
                await stage.PauseAsync(random, 150);
                var now = await stage.Client.FindAsync(id);
                if (now?.RuntimeStatus != OrchestrationRuntimeStatus.Suspended)
                    throw stage.Verdict.Fail(id, $"it was suspended, nobody has resumed it, and it is {now?.RuntimeStatus.ToString() ?? "gone"}");
            }

            stage.Client.ExpectAccepted(id, await stage.Client.SteerAsync(id, "resume"));
            if (!await BecomesAsync(stage, suspended: false)) return;
        }
    }

    /// <summary>False where it ended first.</summary>
    private async Task<bool> BecomesAsync(Stage stage, bool suspended)
    {
        while (await stage.Client.FindAsync(id) is { } instance && !instance.RuntimeStatus.IsTerminal())
        {
            if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended == suspended) return true;
            await Task.Delay(TimeSpan.FromMilliseconds(2), stage.Time, stage.Verdict.Ended);
        }

        return false;
    }
}
