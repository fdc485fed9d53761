using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Testing.Histories;

namespace Troupe.Core.Tests.Histories;

/// <summary>Work of every kind that a server can be stopped in, and how it is brought to its end.</summary>
internal static class RecordedWork
{
    public const string Finished = "finished";
    public const string Failed = "failed";
    public const string Running = "running";
    public const string Retrying = "retrying";
    public const string Later = "later";
    public const string Approval = "approval";
    public const string Paused = "paused";
    public const string Delivering = "delivering";

    /// <summary>The prompt of the run that has finished: so long that it, and its result, are kept in files.</summary>
    public static readonly string LongPrompt = new('p', 40_000);

    /// <summary>What waits, and for what.</summary>
    public static IReadOnlyDictionary<string, WorkStatus> Unfinished { get; } = new Dictionary<string, WorkStatus>(StringComparer.Ordinal)
    {
        [Running] = WorkStatus.Running,
        [Retrying] = WorkStatus.Running,
        [Later] = WorkStatus.Waiting,
        [Approval] = WorkStatus.Waiting,
        [Paused] = WorkStatus.Paused,
    };

    /// <summary>Agents of a server that is stopped while they work.</summary>
    public static void Unsteady(ScriptedAgents agents) => agents
        .On("slow", static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("never");
        })
        .On("flaky", static _ => ScriptedAgents.Transient())
        .On("broken", static _ => AgentTurnResult.Fail(new Failure(FailureKinds.BadRequest, "no")));

    /// <summary>Leaves one run in each state.</summary>
    public static async Task BeginAsync(RunHarness harness)
    {
        await harness.LaunchAsync(new TaskLaunch { Id = Paused, Agent = "x", Prompt = Paused, Options = new RunOptions { StartAfter = TimeSpan.FromMinutes(1) } });
        await harness.TimerAsync(Paused);
        await harness.Get<RunControl>().PauseAsync(Paused, RunHarness.Ann, CancellationToken.None);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        harness.Receiver.Script = static _ => ScriptedReceiver.Busy();
        await EndAsync(harness, new TaskLaunch { Id = Finished, Agent = "x", Prompt = LongPrompt });
        await EndAsync(harness, new TaskLaunch { Id = Failed, Agent = "broken", Prompt = Failed });
        await EndAsync(harness, new TaskLaunch { Id = Delivering, Agent = "x", Prompt = Delivering, Options = new RunOptions { CallbackUrl = new Uri("https://example.com") } });
        await harness.FollowedAsync();
        await harness.TimerAsync(DeliveryIds.Instance(await DeliveryAsync(harness), 1));
        await harness.LaunchAsync(Workflow(Running, new { id = "p", tasks = new object[] { Step("a", "x"), Step("b", "slow", "a"), Step("c", "x", "b") } }));
        await harness.UntilTaskAsync(Running, "b", static task => task.Status == WorkStatus.Running);
        await harness.LaunchAsync(new TaskLaunch { Id = Retrying, Agent = "flaky", Prompt = Retrying });
        await harness.TimerAsync($"{Retrying}:task");
        await harness.LaunchAsync(new TaskLaunch { Id = Later, Agent = "x", Prompt = Later, Options = new RunOptions { StartAfter = TimeSpan.FromHours(3) } });
        await harness.TimerAsync(Later);
        var gate = new { approval = new { title = "Ship?", timeout = "7d", on_timeout = "reject" } };
        await harness.LaunchAsync(Workflow(Approval, new { id = "p", gate, tasks = new object[] { Step("a", "x") } }));
        await harness.TimerAsync(GateId);
        foreach (var (run, status) in Unfinished) await harness.UntilAsync(run, record => record.Status == status);
    }

    /// <summary>Gives each run what it waits for.</summary>
    public static async Task FinishAsync(RunHarness harness)
    {
        Assert.Equal(DecisionOutcome.Decided, (await harness.Get<GateDecisions>().DecideAsync(GateId, true, null, RunHarness.Ann, CancellationToken.None)).Outcome);
        await harness.Get<RunControl>().ResumeAsync(Paused, RunHarness.Ann, CancellationToken.None);
        harness.Time.Advance(TimeSpan.FromHours(3));
        foreach (var run in Unfinished.Keys) await harness.Client.EndAsync(run);
        await harness.Client.EndAsync(DeliveryIds.Instance(await DeliveryAsync(harness), 1));
    }

    public static async Task<string> DeliveryAsync(RunHarness harness) =>
        Assert.Single((await harness.Deliveries.ListAsync(new DeliveryQuery { RunId = Delivering }, CancellationToken.None)).Items).Id;

    private static string GateId => $"{Approval}:p.gate";

    private static async Task EndAsync(RunHarness harness, Launch launch)
    {
        var run = await harness.LaunchAsync(launch);
        await harness.Client.EndAsync(run.Id);
    }

    private static object Step(string id, string agent, params string[] needs) => new { id, agent, prompt = id, needs };

    private static WorkflowLaunch Workflow(string id, object phase) => new()
    {
        Id = id,
        Definition = JsonSerializer.SerializeToElement(new { name = id, phases = new[] { phase } }),
    };
}
