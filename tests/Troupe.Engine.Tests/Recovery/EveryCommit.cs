using System.Collections.Concurrent;
using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>A script that between its beginning and its end causes every kind of commit, and what must have come of it, whatever failed.</summary>
internal sealed class EveryCommit(Stage stage, ConcurrentQueue<string> journal, TimeProvider time)
{
    private const string RootOutput = "\"children 60, event hello, rounds 3\"";

    private readonly TaskCompletionSource _never = new();
    private volatile bool _mended;
    private volatile bool _makeable;

    public async Task PlayAsync()
    {
        await RunATreeAsync();
        await SuspendAndResumeAsync();
        await TerminateATreeAsync();
        await FailAndRewindAsync();
        await RestartAsync();
        await BlockAndPutRightAsync();
        await stage.DoAsync(static engine => engine.Client.PurgeInstanceAsync("root"));
    }

    /// <summary>Everything that a run without faults leaves, by id.</summary>
    public static IReadOnlyDictionary<string, string> Left { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["auditor"] = "Completed \"told once\"",
        ["bad"] = "Terminated",
        ["doomed"] = "Terminated",
        ["doomed-child"] = "Terminated",
        ["flaky"] = "Completed \"mended\"",
        ["flaky-child"] = "Completed \"mended\"",
        ["hold"] = "Completed \"go\"",
        ["listener"] = "Completed \"news\"",
        ["once"] = "Completed 7",
        ["unmade"] = "Completed 8",
    };

    public DurableTaskRegistry Registry() => new DurableTaskRegistry()
        .Activity<string, string>("Work", text =>
        {
            journal.Enqueue($"ran \"{text}\"");
            return text;
        })
        .Activity<int, string>("Flaky", _ => _mended ? "mended" : throw new InvalidDataException("broken"))
        .Orchestrator<int, int>("Child", RunChildAsync)
        .Orchestrator<int, int>("Rounds", RunRoundsAsync)
        .Orchestrator<int, string>("Root", RunRootAsync)
        .Orchestrator<int, string>("Listen", static (context, _) => context.WaitForExternalEvent<string>("news"))
        .Orchestrator<int, int>("Wait", static (context, _) => context.WaitForExternalEvent<int>("never"))
        .Orchestrator<int, int>("WaitForChild", static (context, _) => context.CallSubOrchestratorAsync<int>(
            "Wait", 0, new SubOrchestrationOptions(InstanceId: "doomed-child")))
        .Orchestrator<int, string>("Flaky", RunFlakyAsync)
        .Orchestrator<int, string>("Audit", RunAuditAsync)
        .Orchestrator<int, string>("CallFlaky", static (context, _) => context.CallSubOrchestratorAsync<string>(
            "Flaky", 0, new SubOrchestrationOptions(InstanceId: "flaky-child")))
        .Orchestrator<int, int>("Once", static async (context, n) =>
        {
            await WorkAsync(context, n);
            return n;
        })
        .Orchestrator<int, int>("Bad", async (_, n) =>
        {
            await _never.Task;
            return n;
        })
        .AddOrchestrator("Unmade", "", _ => _makeable
            ? new DelegateOrchestrator<int, int>(static (_, n) => Task.FromResult(n))
            : throw new InvalidOperationException("no constructor"));

    private async Task RunATreeAsync()
    {
        await StartAsync("Listen", "listener", 0);
        await StartAsync("Root", "root", 3);
        await stage.DoAsync(static engine => engine.Client.RaiseEventAsync("root", "greeting", "hello", "the-only-delivery"));
        await EndAsync("root", "Completed " + RootOutput);
        await EndAsync("listener", Left["listener"]);
    }

    private async Task SuspendAndResumeAsync()
    {
        await StartAsync("Root", "hold", -1);
        await stage.DoAsync(static engine => engine.Client.SuspendInstanceAsync("hold", "a pause"));
        await UntilAsync("hold", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await stage.DoAsync(static engine => engine.Client.RaiseEventAsync("hold", "greeting", "go", "once"));
        await stage.DoAsync(static engine => engine.Client.ResumeInstanceAsync("hold", "on"));
        await EndAsync("hold", Left["hold"]);
    }

    private async Task TerminateATreeAsync()
    {
        await StartAsync("WaitForChild", "doomed", 0);
        await UntilAsync("doomed-child", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        await stage.DoAsync(static engine => engine.Client.TerminateInstanceAsync("doomed"));
        await EndAsync("doomed", Left["doomed"]);
        await EndAsync("doomed-child", Left["doomed-child"]);
    }

    private async Task FailAndRewindAsync()
    {
        await StartAsync("Audit", "auditor", 0);
        await StartAsync("CallFlaky", "flaky", 0);
        await EndAsync("flaky", "Failed");
        _mended = true;
        await stage.DoAsync(static engine => engine.Client.RewindInstanceAsync("flaky", "mended"));
        await EndAsync("flaky", Left["flaky"]);
        await stage.DoAsync(static engine => engine.Client.RaiseEventAsync("auditor", "over", "", "the-end"));
        await EndAsync("auditor", Left["auditor"]);
    }

    private async Task RestartAsync()
    {
        await stage.DoAsync(engine => engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Once", 7, new StartOrchestrationOptions("once", time.GetUtcNow() + TimeSpan.FromMilliseconds(200))));
        await EndAsync("once", Left["once"]);
        await stage.DoAsync(static engine => engine.Client.RestartInstanceAsync("once"));
        await EndAsync("once", Left["once"]);
    }

    private async Task BlockAndPutRightAsync()
    {
        await StartAsync("Bad", "bad", 0);
        await StartAsync("Unmade", "unmade", 8);
        await UntilAsync("bad", static state => state.BlockedReason?.Contains("nothing durable", StringComparison.Ordinal) == true);
        await UntilAsync("unmade", static state => state.BlockedReason?.Contains("no constructor", StringComparison.Ordinal) == true);
        _makeable = true;
        await stage.RestartAsync();
        await EndAsync("unmade", Left["unmade"]);
        await stage.DoAsync(static engine => engine.Client.TerminateInstanceAsync("bad"));
        await EndAsync("bad", Left["bad"]);
    }

    private Task StartAsync(string name, string id, int input) =>
        stage.DoAsync(engine => engine.Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id)));

    private Task EndAsync(string id, string expected) =>
        stage.DoAsync(async engine => Assert.Equal(expected, Describe(await engine.EndAsync(id))));

    private Task UntilAsync(string id, Func<OrchestrationMetadata, bool> condition) =>
        stage.DoAsync(engine => engine.UntilAsync(id, condition));

    public static string Describe(OrchestrationMetadata state) =>
        state.SerializedOutput is { } output ? $"{state.RuntimeStatus} {output}" : state.RuntimeStatus.ToString();

    private static async Task<int> RunChildAsync(OrchestrationContext context, int n)
    {
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        await Task.WhenAll(WorkAsync(context, 1), WorkAsync(context, 2));
        return n * 10;
    }

    private static async Task<int> RunRoundsAsync(OrchestrationContext context, int n)
    {
        await WorkAsync(context, n);
        if (n < 3) context.ContinueAsNew(n + 1);
        return n;
    }

    private static async Task<string> RunRootAsync(OrchestrationContext context, int n)
    {
        if (n < 0) return await context.WaitForExternalEvent<string>("greeting");
        var children = await Task.WhenAll(Enumerable.Range(1, n).Select(i => context.CallSubOrchestratorAsync<int>(
            "Child", i, new SubOrchestrationOptions(InstanceId: $"child-{i}"))));
        var rounds = await context.CallSubOrchestratorAsync<int>("Rounds", 1, new SubOrchestrationOptions(InstanceId: "rounds"));
        context.SendEvent("listener", "news", "news");
        var greeting = await context.WaitForExternalEvent<string>("greeting");
        return $"children {children.Sum()}, event {greeting}, rounds {rounds}";
    }

    /// <summary>It tells the auditor when it ends, also when it fails.</summary>
    private static async Task<string> RunFlakyAsync(OrchestrationContext context, int n)
    {
        try
        {
            return await context.CallActivityAsync<string>("Flaky", n);
        }
        finally
        {
            context.SendEvent("auditor", "told", "it is over");
        }
    }

    private static async Task<string> RunAuditAsync(OrchestrationContext context, int n)
    {
        await context.WaitForExternalEvent<string>("told");
        var again = context.WaitForExternalEvent<string>("told");
        var over = context.WaitForExternalEvent<string>("over");
        return await Task.WhenAny(again, over) == over ? "told once" : "told twice";
    }

    /// <summary>The time of a step that was committed tells the runs of a restarted instance apart.</summary>
    private static Task WorkAsync(OrchestrationContext context, int n) =>
        context.CallActivityAsync("Work", $"{context.InstanceId}#{n}@{context.CurrentUtcDateTime.Ticks}");
}
