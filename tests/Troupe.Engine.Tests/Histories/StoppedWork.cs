using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Tests.Model;
using Troupe.Testing;
using Troupe.Testing.Contract;
using Troupe.Testing.Histories;

namespace Troupe.Engine.Tests.Histories;

/// <summary>Instances in every state that an engine can be stopped in, and how they are brought to their ends.</summary>
internal static class StoppedWork
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What each comes to: the end of it, and the output.</summary>
    public static IReadOnlyDictionary<string, (OrchestrationRuntimeStatus Status, string? Output)> Ends { get; } =
        new Dictionary<string, (OrchestrationRuntimeStatus Status, string? Output)>(StringComparer.Ordinal)
        {
            ["finished"] = (OrchestrationRuntimeStatus.Completed, "told;done;"),
            ["failed"] = (OrchestrationRuntimeStatus.Failed, null),
            ["terminated"] = (OrchestrationRuntimeStatus.Terminated, "stopped"),
            ["retrying"] = (OrchestrationRuntimeStatus.Completed, "done;done;"),
            ["working"] = (OrchestrationRuntimeStatus.Completed, "done;early;"),
            ["waiting"] = (OrchestrationRuntimeStatus.Completed, "first;last;done;"),
            ["parent"] = (OrchestrationRuntimeStatus.Completed, "last;,done;;"),
            ["parent-0-0"] = (OrchestrationRuntimeStatus.Completed, "last;"),
            ["parent-0-1"] = (OrchestrationRuntimeStatus.Completed, "done;"),
            ["suspended"] = (OrchestrationRuntimeStatus.Completed, "meanwhile;done;"),
            ["sleeping"] = (OrchestrationRuntimeStatus.Completed, "slept;"),
            ["sending"] = (OrchestrationRuntimeStatus.Completed, "sent;done;"),
            ["continued"] = (OrchestrationRuntimeStatus.Completed, "done;last;done;"),
            ["later"] = (OrchestrationRuntimeStatus.Completed, "done;"),
        };

    /// <summary>Begins all of it in a folder, and stops the engine while activities run, timers and events are awaited, and the service is down.</summary>
    public static async Task BeginAsync(string folder)
    {
        await using var engine = await OpenAsync(folder, TimeSpan.Zero, isBusy: true);
        await BeginAsync(engine.Client);
    }

    /// <summary>Opens the folder two hours later, gives each instance what it waits for, and checks what it comes to.</summary>
    public static async Task FinishAsync(string folder)
    {
        await using var engine = await OpenAsync(folder, TimeSpan.FromHours(2), isBusy: false);
        await FinishAsync(engine.Client);
        foreach (var (id, end) in Ends)
        {
            var state = await engine.Client.GetInstanceAsync(id, getInputsAndOutputs: true);
            Assert.Equal((id, end.Status, end.Output), (id, state!.RuntimeStatus, state.SerializedOutput?.Trim('"')));
        }

        Assert.Equal("\"busy\"", (await engine.Client.GetInstanceAsync("finished", getInputsAndOutputs: true))!.SerializedCustomStatus);
        Assert.Equal("The service is down.", (await engine.Client.GetInstanceAsync("failed", getInputsAndOutputs: true))!.FailureDetails!.ErrorMessage);
    }

    private static async Task BeginAsync(IOrchestrationClient client)
    {
        await StartAsync(client, "waiting", new Instruction(Step.WaitFor, "go", Seconds: 3_000), new Instruction(Step.Wait, "go"), new Instruction(Step.Work));
        await client.RaiseEventAsync("waiting", "go", "first", "d1");
        await StartAsync(client, "finished", new Instruction(Step.Status, "busy"), new Instruction(Step.Work));
        await client.ScheduleNewOrchestrationInstanceAsync("Fails", null, new StartOrchestrationOptions("failed"));
        await StartAsync(client, "terminated", new Instruction(Step.Work), new Instruction(Step.Wait, "go"));
        await UntilAsync(client, "terminated", "TaskCompleted");
        await client.TerminateInstanceAsync("terminated", "stopped");
        await StartAsync(client, "retrying", new Instruction(Step.Service), new Instruction(Step.Work));
        await StartAsync(client, "working", new Instruction(Step.Held), new Instruction(Step.Wait, "go"));
        await client.RaiseEventAsync("working", "go", "early", "d1");
        await StartAsync(client, "parent", new Instruction(Step.Children, Programs: [[new Instruction(Step.Wait, "go")], [new Instruction(Step.Held)]]));
        await StartAsync(client, "suspended", new Instruction(Step.Wait, "go"), new Instruction(Step.Work));
        await UntilAsync(client, "suspended", "ExecutionStarted");
        await client.SuspendInstanceAsync("suspended", "a reason");
        await client.RaiseEventAsync("suspended", "go", "meanwhile", null);
        await StartAsync(client, "sleeping", new Instruction(Step.Sleep, Seconds: 3_600));
        await StartAsync(client, "sending", new Instruction(Step.Send, "stop", "waiting"), new Instruction(Step.Held));
        await StartAsync(
            client, "continued", new Instruction(Step.Work), new Instruction(Step.ContinueAsNew), new Instruction(Step.Wait, "go"), new Instruction(Step.Work));
        await client.ScheduleNewOrchestrationInstanceAsync(
            Interpreter.Name, new ProgramInput([new Instruction(Step.Work)]), new StartOrchestrationOptions("later", Begin.AddHours(1)));
        foreach (var (id, reached) in Reached) await UntilAsync(client, id, reached);
    }

    private static async Task FinishAsync(IOrchestrationClient client)
    {
        foreach (var id in new[] { "waiting", "parent-0-0", "continued" }) await client.RaiseEventAsync(id, "go", "last", "d2");
        await client.ResumeInstanceAsync("suspended", "a reason");
        foreach (var id in Ends.Keys) await client.EndAsync(id);
    }

    /// <summary>An engine on the folder, so long after the work has begun.</summary>
    public static Task<EngineFixture> OpenAsync(string folder, TimeSpan after, bool isBusy, ILoggerFactory? loggers = null) => EngineFixture.StartAsync(
        Registry(isBusy), configure: options => options.DataFolder = folder, inMemory: true, time: new ManualTimeProvider(Begin + after), loggers: loggers);

    /// <summary>How far each is when the engine is stopped.</summary>
    private static (string Id, string Event)[] Reached { get; } =
    [
        ("finished", "ExecutionCompleted"), ("failed", "ExecutionCompleted"), ("terminated", "ExecutionCompleted"), ("retrying", "TimerCreated"),
        ("working", "TaskScheduled"), ("waiting", "TimerCanceled"), ("parent-0-0", "ExecutionStarted"), ("parent-0-1", "TaskScheduled"),
        ("suspended", "EventRaised"), ("sleeping", "TimerCreated"), ("sending", "TaskScheduled"), ("continued", "ExecutionStarted"),
    ];

    private static Task StartAsync(IOrchestrationClient client, string id, params IReadOnlyList<Instruction> program) =>
        client.ScheduleNewOrchestrationInstanceAsync(Interpreter.Name, new ProgramInput(program), new StartOrchestrationOptions(id));

    private static async Task UntilAsync(IOrchestrationClient client, string id, string reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await client.GetInstanceAsync(id, cancellation: patience.Token) is not null
                && (await client.GetHistoryAsync(id, patience.Token)).Any(told => told.EventType == reached)) return;
            await Task.Yield();
        }
    }

    private static DurableTaskRegistry Registry(bool isBusy) => new DurableTaskRegistry()
        .AddOrchestrator(Interpreter.Name, "", static _ => new Interpreter())
        .Orchestrator<string?, string>("Fails", static (_, _) => throw new UntracedException("The service is down."))
        .Activity<string, string>(nameof(Step.Work), static _ => "done")
        .Activity<string, string>(nameof(Step.Service), _ => isBusy ? throw new UntracedException("The service is down.") : "done")
        .Activity<string, string>(nameof(Step.Held), async (context, _) =>
        {
            if (isBusy) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return "done";
        });

    /// <summary>Its stack trace would keep the folders of the machine that records.</summary>
    private sealed class UntracedException(string message) : Exception(message)
    {
        public override string? StackTrace => null;
    }
}
