using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Agents;
using Troupe.Core.Concurrency;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Concurrency;
using Troupe.Core.Tests.Support;
using Troupe.Testing.Histories;

namespace Troupe.Core.Tests.Histories;

/// <summary>What the recorded histories come from: runs in which every orchestrator does each thing that it can do.</summary>
internal static class RecordedRuns
{
    public const string Id = "run";

    // One more than a run owns without parts.
    private const int Wide = 401;

    private const string Limited = "limited";

    public static IReadOnlyDictionary<string, (Action<ScriptedAgents>? Agents, Func<RunHarness, Task> Play)> All { get; } =
        new Dictionary<string, (Action<ScriptedAgents>? Agents, Func<RunHarness, Task> Play)>(StringComparer.Ordinal)
        {
            ["fan-out"] = (null, FanOutAsync),
            ["for-each"] = (static agents => agents.On("lister", static _ => List(3)), ForEachAsync),
            ["for-each-in-parts"] = (static agents => agents.On("lister", static _ => List(Wide)), ForEachAsync),
            ["parts-cancelled"] = (static agents => agents.On("lister", static _ => List(Wide)).On("x", Never), CancelPartsAsync),
            ["retries"] = (static agents => agents.On("x", static turn => turn.Attempt <= 2 ? ScriptedAgents.Transient() : ScriptedAgents.Answer("ok")), RetryAsync),
            ["retry-cancelled"] = (static agents => agents.On("x", static _ => ScriptedAgents.Transient()), CancelRetryAsync),
            ["fails"] = (static agents => agents.On("x", static _ => AgentTurnResult.Fail(new Failure(FailureKinds.BadRequest, "no"))), TaskAsync),
            ["tools"] = (static agents => agents.On("x", ToolsFirst), TaskAsync),
            ["asked-to-retry"] = (static agents => agents.On("x", static turn => turn.Attempt == 1 ? ScriptedAgents.Transient() : ScriptedAgents.Answer("ok")), AskToRetryAsync),
            ["result-by-hand"] = (static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }), AnswerAsync),
            ["approval-escalated"] = (null, EscalateAsync),
            ["approval-in-vain"] = (null, EscalateInVainAsync),
            ["callback"] = (null, CallBackAsync),
            ["gate-cancelled"] = (null, CancelGateAsync),
            ["pause-resume"] = (null, PauseAsync),
            ["cancel"] = (static agents => agents.On("x", Never), CancelAsync),
            ["budget"] = (null, BudgetAsync),
            ["delivery"] = (null, DeliverAsync),
            [Limited] = (null, LimitAsync),
        };

    /// <summary>What else the host of a scenario is made of.</summary>
    public static Action<IServiceCollection>? ServicesOf(string name) => name == Limited
        ? static services => LimitedHarness.Limit(services, static limits => (limits.Agents, limits.WebhooksPerReceiver) = (1, 1))
        : null;

    private static Task FanOutAsync(RunHarness harness) => StartAfterAsync(harness, new
    {
        name = "fan-out",
        inputs = new { deep = new { type = "boolean", @default = false } },
        options = new { max_concurrency = 2, start_after = "10m" },
        phases = new object[]
        {
            new { id = "p", tasks = new object[] { Plain("a"), Plain("b"), Plain("c"), new { id = "d", agent = "x", prompt = "d", when = "{{inputs.deep}}" } } },
            new { id = "q", after = new[] { "p" }, delay = "1m", tasks = new object[] { new { id = "e", agent = "y", prompt = "{{tasks.a.result}}" } } },
        },
    });

    private static async Task StartAfterAsync(RunHarness harness, object definition)
    {
        await LaunchAsync(harness, definition);
        foreach (var (timer, wait) in new[] { (1, TimeSpan.FromMinutes(10)), (2, TimeSpan.FromMinutes(1)) })
        {
            await harness.TimerAsync(Id, timer);
            harness.Time.Advance(wait);
        }

        await harness.EndAsync(Id);
    }

    private static async Task ForEachAsync(RunHarness harness)
    {
        await LaunchAsync(harness, Each);
        await harness.EndAsync(Id);
    }

    private static async Task CancelPartsAsync(RunHarness harness)
    {
        await LaunchAsync(harness, Each);
        await harness.CallsAsync(2);
        await CancelAndEndAsync(harness);
    }

    private static async Task TaskAsync(RunHarness harness)
    {
        await harness.LaunchAsync(new TaskLaunch { Id = Id, Agent = "x", Prompt = "p" });
        await harness.EndAsync(Id);
    }

    private static async Task RetryAsync(RunHarness harness)
    {
        await harness.LaunchAsync(new TaskLaunch { Id = Id, Agent = "x", Prompt = "p" });
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await harness.TimerAsync($"{Id}:task", attempt);
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await harness.EndAsync(Id);
    }

    private static async Task CancelRetryAsync(RunHarness harness)
    {
        await harness.LaunchAsync(new TaskLaunch { Id = Id, Agent = "x", Prompt = "p" });
        await harness.TimerAsync($"{Id}:task");
        await CancelAndEndAsync(harness);
    }

    private static async Task AskToRetryAsync(RunHarness harness)
    {
        await harness.LaunchAsync(new TaskLaunch { Id = Id, Agent = "x", Prompt = "p", Options = new RunOptions { MaxRetries = 0, OnFailure = OnFailure.Ask } });
        await DecideAsync(harness, $"{Id}:task.ask1", RunHarness.Ann);
        await harness.EndAsync(Id);
    }

    private static async Task AnswerAsync(RunHarness harness)
    {
        await harness.LaunchAsync(new TaskLaunch { Id = Id, Agent = "x", Prompt = "p" });
        var waiting = await harness.UntilTaskAsync(Id, "task", static task => task.RequiresImplementation);
        await harness.Get<TaskAnswers>().SupplyResultAsync(waiting.Id, "by hand", ResultType.Summary, RunHarness.Ann, CancellationToken.None);
        await harness.EndAsync(Id);
    }

    private static async Task EscalateAsync(RunHarness harness)
    {
        await LaunchAsync(harness, Gated(Escalating));
        await TimeOutAsync(harness, 1);
        await harness.TimerAsync($"{Id}:p.gate", 2);
        await DecideAsync(harness, $"{Id}:p.gate", new Caller("bob"));
        await harness.EndAsync(Id);
    }

    private static async Task EscalateInVainAsync(RunHarness harness)
    {
        await LaunchAsync(harness, Gated(Escalating));
        for (var deadline = 1; deadline <= 2; deadline++) await TimeOutAsync(harness, deadline);
        await harness.EndAsync(Id);
    }

    private static async Task CallBackAsync(RunHarness harness)
    {
        await LaunchAsync(harness, Gated(new { callback = "built" }));
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), $"{Id}:p.gate");
        await harness.Get<CallbackReceiver>().ReceiveAsync(Id, "built", "d1", """{"ok":true}""", CancellationToken.None);
        await harness.EndAsync(Id);
    }

    private static async Task CancelGateAsync(RunHarness harness)
    {
        await LaunchAsync(harness, Gated(Escalating));
        await harness.TimerAsync($"{Id}:p.gate");
        await CancelAndEndAsync(harness);
    }

    private static async Task PauseAsync(RunHarness harness)
    {
        using var hold = new SemaphoreSlim(0);
        harness.Agents.On("x", async (_, cancellation) =>
        {
            await hold.WaitAsync(cancellation);
            return ScriptedAgents.Answer("done");
        });
        await harness.LaunchAsync(Batch(3) with { Options = new RunOptions { MaxConcurrency = 1 } });
        await harness.CallsAsync(1);
        await harness.Get<RunControl>().PauseAsync(Id, RunHarness.Ann, CancellationToken.None);
        await harness.UntilAsync(Id, static run => run.Status == WorkStatus.Paused);
        hold.Release(3);
        await harness.Client.EndAsync($"{Id}:1");
        await harness.Get<RunControl>().ResumeAsync(Id, RunHarness.Ann, CancellationToken.None);
        await harness.EndAsync(Id);
    }

    private static async Task CancelAsync(RunHarness harness)
    {
        await harness.LaunchAsync(Batch(3) with { Options = new RunOptions { MaxConcurrency = 2 } });
        await harness.CallsAsync(2);
        await CancelAndEndAsync(harness);
    }

    private static async Task BudgetAsync(RunHarness harness)
    {
        await harness.LaunchAsync(Batch(6) with { Options = new RunOptions { MaxConcurrency = 1, Budget = new Budget(Tokens: 40) } });
        await harness.EndAsync(Id);
    }

    private static async Task DeliverAsync(RunHarness harness)
    {
        harness.Receiver.Script = _ => harness.Receiver.Messages.Count <= 2 ? ScriptedReceiver.Busy() : ScriptedReceiver.Ok();
        await harness.LaunchAsync(new TaskLaunch { Id = Id, Agent = "x", Prompt = "p", Options = new RunOptions { CallbackUrl = new Uri("https://example.com") } });
        await harness.EndAsync(Id);
        await harness.FollowedAsync();
        var delivery = Assert.Single((await harness.Deliveries.ListAsync(new DeliveryQuery { RunId = Id }, CancellationToken.None)).Items).Id;
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await harness.TimerAsync(DeliveryIds.Instance(delivery, 1), attempt);
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private static async Task LimitAsync(RunHarness harness)
    {
        var gate = DurableConcurrencyGate.InstanceOf(ConcurrencyKeys.AgentTurns);
        using var hold = new SemaphoreSlim(0);
        harness.Agents.On("x", async (_, cancellation) =>
        {
            await hold.WaitAsync(cancellation);
            return ScriptedAgents.Answer("done");
        });
        await harness.LaunchAsync(Batch(3) with { Options = new RunOptions { CallbackUrl = new Uri("https://example.com") } });
        await harness.UntilGateAsync(gate, static count => count is { Held: 1, Waiting: 2 });
        await harness.TimerAsync(gate);
        harness.Time.Advance(PermitBook.Lease);
        await harness.TimerAsync(gate, 2);
        hold.Release(3);
        await harness.EndAsync(Id);
        await harness.FollowedAsync();
        var delivery = Assert.Single((await harness.Deliveries.ListAsync(new DeliveryQuery { RunId = Id }, CancellationToken.None)).Items).Id;
        await harness.Client.EndAsync(DeliveryIds.Instance(delivery, 1));
        foreach (var family in new[] { ConcurrencyKeys.AgentTurns, ConcurrencyKeys.Webhooks })
        {
            await harness.UntilGateAsync(DurableConcurrencyGate.InstanceOf(family), static count => count.Held == 0);
            await harness.Client.TerminateInstanceAsync(DurableConcurrencyGate.InstanceOf(family));
        }
    }

    private static async Task TimeOutAsync(RunHarness harness, int deadline)
    {
        await harness.TimerAsync($"{Id}:p.gate", deadline);
        harness.Time.Advance(TimeSpan.FromHours(1));
    }

    private static async Task DecideAsync(RunHarness harness, string gate, Caller caller)
    {
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), gate);
        Assert.Equal(DecisionOutcome.Decided, (await harness.Get<GateDecisions>().DecideAsync(gate, true, null, caller, CancellationToken.None)).Outcome);
    }

    private static async Task CancelAndEndAsync(RunHarness harness)
    {
        await harness.Get<RunControl>().CancelAsync(Id, "enough", RunHarness.Ann, CancellationToken.None);
        await harness.EndAsync(Id);
    }

    private static Task<RunRecord> LaunchAsync(RunHarness harness, object definition) =>
        harness.LaunchAsync(new WorkflowLaunch { Id = Id, Definition = JsonSerializer.SerializeToElement(definition) });

    private static BatchLaunch Batch(int tasks) => new()
    {
        Id = Id,
        Tasks = [.. Enumerable.Range(1, tasks).Select(static number => new TaskLaunch { Agent = "x", Prompt = $"{number}" })],
    };

    private static object Plain(string id) => new { id, agent = "x", prompt = id };

    private static object Each { get; } = new
    {
        name = "each",
        phases = new object[]
        {
            new
            {
                id = "p",
                tasks = new object[]
                {
                    new { id = "list", agent = "lister", prompt = "go" },
                    new { id = "each", agent = "x", prompt = "{{item}}", for_each = "tasks.list.result", needs = new[] { "list" } },
                    new { id = "sum", agent = "y", prompt = "sum", needs = new[] { "each" } },
                },
            },
        },
    };

    private static object Escalating { get; } = new
    {
        approval = new { title = "Ship?", approvers = new[] { "ann" }, timeout = "1h", on_timeout = "escalate", escalate_to = new[] { "bob" } },
    };

    private static object Gated(object gate) => new { name = "gated", phases = new object[] { new { id = "p", gate, tasks = new[] { Plain("a") } } } };

    private static AgentTurnResult List(int items) => ScriptedAgents.Answer(JsonSerializer.Serialize(Enumerable.Range(0, items)));

    private static AgentTurnResult ToolsFirst(AgentTurnRequest turn) => turn.Turn > 1 ? ScriptedAgents.Answer("saved") : new AgentTurnResult
    {
        Outcome = TurnOutcome.ToolCalls,
        ToolCalls =
        [
            new AgentToolCall("1", ToolBox.SaveArtifact, """{"path":"out/report.md","content":"# Hi"}"""),
            new AgentToolCall("2", ToolBox.ReportProgress, """{"percent":50}"""),
        ],
    };

    private static async Task<AgentTurnResult> Never(AgentTurnRequest turn, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return ScriptedAgents.Answer("never");
    }
}
