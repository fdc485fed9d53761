using System.Collections.Concurrent;
using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>
/// One workload that uses everything, and a fault at its first write, its second, and so on until no fault comes any more. Whatever
/// happened, the outcome must be the one of a run without faults.
/// </summary>
public sealed class CrashTests
{
    private const string Expected = "\"children 60, event hello, rounds 3\"";

    private readonly ConcurrentDictionary<int, int> _runs = new();

    [Theory]
    [InlineData(Fault.BeforeCommit)]
    [InlineData(Fault.AfterCommit)]
    internal async Task Crash_AtAnyWrite_TheNextProcessEndsTheWork(Fault fault)
    {
        var faults = 0;
        for (var k = 1; ; k++)
        {
            _runs.Clear();
            var durable = new InMemoryHistoryStore();
            var faulty = new FaultyStore(durable, k, fault, crash: true);
            await using (var engine = await StartAsync(faulty))
            {
                var work = StartWorkAsync(engine);
                var ended = await Task.WhenAny(faulty.Failed, work.ContinueWith(_ => engine.EndAsync("root"), TaskScheduler.Default).Unwrap());
                if (ended != faulty.Failed) break;
                faults++;
            }

            await using (var engine = await StartAsync(durable))
            {
                await StartWorkAsync(engine);
                Assert.Equal(Expected, (await engine.EndAsync("root")).SerializedOutput);
            }

            // One crash: what was under way runs once more, what was recorded does not.
            Assert.All(_runs.Values, count => Assert.InRange(count, 1, 2));
        }

        Assert.InRange(faults, 15, 200);
    }

    [Theory]
    [InlineData(Fault.BeforeCommit)]
    [InlineData(Fault.AfterCommit)]
    internal async Task Hiccup_AtAnyWrite_TheEngineRecoversByItself(Fault fault)
    {
        var k = 1;
        for (var failed = true; failed; k++)
        {
            _runs.Clear();
            var faulty = new FaultyStore(new InMemoryHistoryStore(), k, fault, crash: false);
            await using var engine = await StartAsync(faulty);
            await StartWorkAsync(engine);
            Assert.Equal(Expected, (await engine.EndAsync("root")).SerializedOutput);
            Assert.All(_runs.Values, count => Assert.InRange(count, 1, 1));
            failed = faulty.Failed.IsCompleted;
        }

        Assert.InRange(k, 15, 200);
    }

    private static async Task StartWorkAsync(ContractEngine engine)
    {
        await RepeatAsync(() => engine.Client.ScheduleNewOrchestrationInstanceAsync("Root", 3, new StartOrchestrationOptions("root")));
        await RepeatAsync(() => engine.Client.RaiseEventAsync("root", "greeting", "hello", "the-only-delivery"));
    }

    /// <summary>A client that does not know whether it was heard asks again.</summary>
    private static async Task RepeatAsync(Func<Task> operation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await operation();
                return;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return;
            }
            catch (OrchestrationInvalidStateException)
            {
                return;
            }
            catch (IOException) when (attempt < 2)
            {
                // Once more.
            }
        }
    }

    private Task<EngineFixture> StartAsync(IHistoryStore store) =>
        EngineFixture.StartAsync(Registry(), inMemory: true, openStore: _ => Task.FromResult(store));

    private DurableTaskRegistry Registry() => new DurableTaskRegistry()
        .Activity<int, int>("Double", n =>
        {
            _runs.AddOrUpdate(n, 1, static (_, count) => count + 1);
            return n * 2;
        })
        .Orchestrator<int, int>("Child", async (context, n) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            var parts = await Task.WhenAll(
                context.CallActivityAsync<int>("Double", (n * 100) + 1), context.CallActivityAsync<int>("Double", (n * 100) + 2));
            return (parts[0] + parts[1] - 6) / 40;
        })
        .Orchestrator<int, int>("Rounds", async (context, n) =>
        {
            var seen = await context.CallActivityAsync<int>("Double", 10_000 + n);
            if (n < 3) context.ContinueAsNew(n + 1);
            return (seen - 20_000) / 2;
        })
        .Orchestrator<int, string>("Root", async (context, n) =>
        {
            var children = await Task.WhenAll(Enumerable.Range(1, n).Select(i => context.CallSubOrchestratorAsync<int>(
                "Child", i, new SubOrchestrationOptions(InstanceId: $"child-{i}"))));
            var rounds = await context.CallSubOrchestratorAsync<int>("Rounds", 1, new SubOrchestrationOptions(InstanceId: "rounds"));
            var greeting = await context.WaitForExternalEvent<string>("greeting");
            return $"children {children.Sum()}, event {greeting}, rounds {rounds}";
        });
}
