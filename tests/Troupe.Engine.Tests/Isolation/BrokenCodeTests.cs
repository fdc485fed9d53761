using System.Text.Json.Serialization;
using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Isolation;

/// <summary>Orchestrator code that throws wherever code can throw.</summary>
public sealed class BrokenCodeTests
{
    [Theory]
    [InlineData("Sync", "at once")]
    [InlineData("Async", "later")]
    [InlineData("Input", "cannot be read")]
    [InlineData("Result", "cannot be read")]
    [InlineData("Event", "cannot be read")]
    [InlineData("Output", "Troubled")]
    public async Task Orchestrator_Throws_FailsAlone(string name, string message)
    {
        await using var engine = await StartAsync();
        await Neighbour.StartAsync(engine);

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(name, new Troubled(1, Throws: false));
        if (name == "Event") await engine.Client.RaiseEventAsync(id, "trouble", new { N = 13 });
        var end = await engine.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains(message, end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        await Neighbour.EndAsync(engine);
    }

    [Theory]
    [InlineData("Constructor", "cannot be created: no constructor")]
    [InlineData("Stray", "outside of its own task, as an asynchronous method does that returns none: from nowhere")]
    public async Task Orchestrator_ThrowsWhereNoTaskHoldsIt_IsBlockedAlone(string name, string reason)
    {
        await using var engine = await StartAsync();
        await Neighbour.StartAsync(engine);

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(name, new Troubled(1, Throws: false));
        var state = await engine.UntilAsync(id, static state => state.BlockedReason is not null);

        Assert.Contains(reason, state.BlockedReason!, StringComparison.Ordinal);
        Assert.False(state.RuntimeStatus.IsTerminal());
        await Neighbour.EndAsync(engine);
        await engine.Client.TerminateInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task ContinueAsNew_IntoCodeThatCannotBeCreated_StillTellsOthers()
    {
        var made = 0;
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry()
            .Orchestrator<int, string>("Listen", static (context, _) => context.WaitForExternalEvent<string>("news"))
            .AddOrchestrator("Once", "", _ => Interlocked.Increment(ref made) > 1
                ? throw new InvalidOperationException("no second time")
                : new DelegateOrchestrator<int, int>(static (context, n) =>
                {
                    context.SendEvent("listener", "news", "sent");
                    context.ContinueAsNew(n);
                    return Task.FromResult(n);
                })));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Listen", 0, new StartOrchestrationOptions("listener"));
        await engine.UntilAsync("listener", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Once", 0, new StartOrchestrationOptions("once"));

        Assert.Equal("\"sent\"", (await engine.EndAsync("listener")).SerializedOutput);
        Assert.Contains("no second time", (await engine.UntilAsync("once", static state => state.BlockedReason is not null)).BlockedReason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_ThatContradictsItsHistory_IsBlockedNamedAndGoesOnWhenPutRight()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await EngineFixture.StartAsync(Changing("A"), folder))
        {
            await Neighbour.StartAsync(engine);
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Changing", 1, new StartOrchestrationOptions("changing"));
            await engine.UntilAsync("changing", static state => state.SerializedCustomStatus == "2");
        }

        await using (var broken = await EngineFixture.StartAsync(Changing("B"), folder))
        {
            await broken.Client.RaiseEventAsync("changing", "go", 10);
            var state = await broken.UntilAsync("changing", static state => state.BlockedReason is not null);
            Assert.Contains("at decision 1 (step 1)", state.BlockedReason!, StringComparison.Ordinal);
            Assert.Contains("recorded was activity 'A' (#2)", state.BlockedReason!, StringComparison.Ordinal);
            Assert.Contains("the code attempted activity 'B' (#2)", state.BlockedReason!, StringComparison.Ordinal);
            await Neighbour.EndAsync(broken);
        }

        // Nobody sends anything more: it goes on by itself.
        await using var repaired = await EngineFixture.StartAsync(Changing("A"), folder);
        Assert.Equal("12", (await repaired.EndAsync("changing")).SerializedOutput);
    }

    private static DurableTaskRegistry Changing(string second) => new DurableTaskRegistry().WithNeighbour()
        .Activity<int, int>("A", static n => n).Activity<int, int>("B", static n => n)
        .Orchestrator<int, int>("Changing", async (context, n) =>
        {
            n = await context.CallActivityAsync<int>("A", n);
            n += await context.CallActivityAsync<int>(second, 1);
            context.SetCustomStatus(n);
            return n + await context.WaitForExternalEvent<int>("go");
        });

    private static Task<EngineFixture> StartAsync() => EngineFixture.StartAsync(new DurableTaskRegistry().WithNeighbour()
        .Activity<int, Troubled>("Trouble", static _ => new Troubled(13, Throws: false))
        .Orchestrator<Troubled, int>("Sync", static (_, _) => throw new InvalidDataException("at once"))
        .Orchestrator<Troubled, int>("Async", static async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            throw new InvalidDataException("later");
        })
        .Orchestrator<Uri[], int>("Input", static (_, _) => Task.FromResult(0))
        .Orchestrator<Troubled, Superstitious>("Result", static (context, _) => context.CallActivityAsync<Superstitious>("Trouble", 0))
        .Orchestrator<Troubled, Superstitious>("Event", static (context, _) => context.WaitForExternalEvent<Superstitious>("trouble"))
        .Orchestrator<Troubled, Troubled>("Output", static (_, _) => Task.FromResult(new Troubled(1, Throws: true)))
        .AddOrchestrator("Constructor", "", static _ => throw new InvalidOperationException("no constructor"))
        .Orchestrator<Troubled, int>("Stray", static (context, _) =>
        {
            // What the compiler makes of an exception in an asynchronous method without a task.
            SynchronizationContext.Current!.Post(static _ => throw new InvalidDataException("from nowhere"), null);
            return context.WaitForExternalEvent<int>("never");
        }));

    private sealed record Troubled(int N, [property: JsonIgnore] bool Throws)
    {
        public string Text => Throws ? throw new InvalidOperationException("No text of Troubled.") : "";
    }

    /// <summary>Its constructor throws what no serializer expects.</summary>
    private sealed record Superstitious
    {
        public Superstitious(int n) => N = n == 13 ? throw new KeyNotFoundException("13") : n;

        public int N { get; }
    }
}
