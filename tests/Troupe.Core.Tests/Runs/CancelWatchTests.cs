using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Agents;
using Troupe.Core.Hosting;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Core.Tests.Support;
using Troupe.Testing;
using Troupe.Testing.Stores;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Runs;

public sealed class CancelWatchTests
{
    [Fact]
    public async Task Lease_RowCannotBeRead_FailsTheTurnForNowAndTheNextOneWorks()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static async (request, cancellation) =>
        {
            if (request.Attempt == 2)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("done");
        }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        var task = await harness.UntilTaskAsync(run.Id, "task", static task => task.Status == WorkStatus.Completed);
        await harness.EndAsync(run.Id);
        var open = run with { Id = "open", Status = WorkStatus.Running };
        await harness.Runs.TryCreateAsync(new NewRun(open, [], []), CancellationToken.None);
        var watch = new CancelWatch(harness.Runs, new LogThatFailsOnce(harness.Get<IEventLog>()), NullLogger<CancelWatch>.Instance);
        var turn = harness.Activity<AgentTurn>(watch);

        var broken = await RunAsync(turn, run, task, 2);
        Assert.Equal((FailureKinds.Internal, true), (broken.Failure!.Kind, broken.Failure.Retryable));
        Assert.Equal(TurnOutcome.Answer, (await RunAsync(turn, run, task, 3)).Outcome);
    }

    [Fact]
    public async Task Lease_OtherProcessesMayCancel_LooksEachSecondAndNotAfterEachEvent()
    {
        var time = new ManualTimeProvider();
        var stores = new InMemoryStores(time);
        await stores.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r") with { Status = WorkStatus.Running }), CancellationToken.None);
        var watch = new CancelWatch(stores.Runs, stores.Events, NullLogger<CancelWatch>.Instance, new PeerProcesses(time));
        using var lease = watch.Lease("r");
        await UntilWaitingAsync(time);
        await stores.Runs.UpdateRunAsync(
            "r", new(static run => run with { CancelRequestedAt = run.CreatedAt }, Events: SampleRecords.Event(EventTypes.RunCancelRequested)), CancellationToken.None);
        Assert.False(lease.Token.IsCancellationRequested);

        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lease.Token.Register(cancelled.SetResult);
        time.Advance(PeerProcesses.Interval);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Lease_OtherProcessesMayCancelButNoneDoes_LooksOnUntilItIsReturned()
    {
        var time = new ManualTimeProvider();
        var stores = new InMemoryStores(time);
        await stores.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r") with { Status = WorkStatus.Running }), CancellationToken.None);
        var watch = new CancelWatch(stores.Runs, stores.Events, NullLogger<CancelWatch>.Instance, new PeerProcesses(time));
        var lease = watch.Lease("r");
        for (var second = 0; second < 3; second++)
        {
            await UntilWaitingAsync(time);
            time.Advance(PeerProcesses.Interval);
        }

        await UntilWaitingAsync(time);
        lease.Dispose();

        Assert.Equal((0, false), (time.ActiveTimers, lease.Token.IsCancellationRequested));
    }

    private static async Task UntilWaitingAsync(ManualTimeProvider time)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (time.ActiveTimers == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task<TurnReport> RunAsync(AgentTurn turn, RunRecord run, TaskRecord task, int attempt) => turn.RunAsync(
        new(nameof(AgentTurn), task.Id, CancellationToken.None),
        new TurnInput
        {
            RunId = "open",
            TaskId = task.Id,
            Node = "task",
            Plan = run.Plan,
            Agent = "x",
            Prompt = task.Prompt!,
            Attempt = attempt,
            Turn = 1,
            Revision = 0,
            Left = TimeSpan.FromMinutes(1),
            Timeout = TimeSpan.FromMinutes(1),
        });

    private sealed class LogThatFailsOnce(IEventLog log) : IEventLog
    {
        private int _waits;

        public Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) =>
            log.AppendAsync(runId, events, cancellationToken);

        public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken) =>
            log.ReadAsync(runId, afterSequence, limit, cancellationToken);

        public Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken) =>
            log.ReadAllAsync(afterPosition, limit, cancellationToken);

        public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => log.GetLastPositionAsync(cancellationToken);

        public Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _waits) == 1 ? Task.FromException(new IOException("the disk is gone")) : log.WaitForAppendAsync(runId, cancellationToken);
    }
}
