using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Storage;

/// <content>Events that wait.</content>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Send_ToNobodyOrEndedOrFull_SaysSo()
    {
        var record = (await CreateAsync("a"))!;
        var message = new OutgoingMessage("a", new EventRaised("e", null));

        Assert.Equal(SendOutcome.NotFound, (await _store.SendAsync(message with { InstanceId = "b" }, null, new EventVolume(1, 100))).Outcome);
        Assert.Equal(SendOutcome.Delivered, (await _store.SendAsync(message, null, new EventVolume(1, 100))).Outcome);
        Assert.Equal(SendOutcome.TooManyPending, (await _store.SendAsync(message, "d", new EventVolume(1, 100))).Outcome);
        Assert.Equal(SendOutcome.Delivered, (await _store.SendAsync(message, "d", new EventVolume(2, 100))).Outcome);
        await _store.CommitAsync(End(record));
        Assert.Equal(SendOutcome.Ended, (await _store.SendAsync(message, null, new EventVolume(1, 100))).Outcome);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed, 0)]
    [InlineData(OrchestrationRuntimeStatus.Failed, 1)]
    public async Task Commit_End_KeepsWaitingEventsOnlyWhereItMayBeRewound(OrchestrationRuntimeStatus status, int kept)
    {
        var record = (await CreateAsync("a"))!;
        await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), "d", EventVolume.Unbounded);
        await _store.SendAsync(new OutgoingMessage("a", new ExecutionTerminated(null)), null, EventVolume.Unbounded);
        await _store.CommitAsync(End(record) with { After = record with { Status = status, Steps = 1 } });

        Assert.Equal(kept, (await _store.LoadAsync("a", default))!.Inbox.Count);
        Assert.Empty(await _store.ListReadyAsync(default));
    }

    [Fact]
    public async Task Send_WithWhatWaitsItHoldsTooMuch_IsRefusedByTheByte()
    {
        var record = (await CreateAsync("a"))!;
        var mayWait = new EventVolume(10, 100);
        var large = await SendAsync("payload", 193, mayWait);
        Assert.Equal(SendOutcome.Delivered, large.Outcome);
        Assert.Equal(new EventVolume(1, 200), (await SendAsync("e", 0, mayWait)).Waiting);

        await _store.CommitAsync(Run(record) with { Consumed = [large.Message!.Sequence] });
        var step = Run((await _store.FindAsync("a", default))!);
        await _store.CommitAsync(step with { After = step.After with { KeptEvents = new EventVolume(2, 60) } });

        Assert.Equal(SendOutcome.TooManyPending, (await SendAsync("é", 39, mayWait)).Outcome);
        Assert.Equal(SendOutcome.Delivered, (await SendAsync("é", 38, mayWait)).Outcome);
        Assert.Equal(new EventVolume(3, 100), (await SendAsync("e", 0, mayWait)).Waiting);
    }

    [Fact]
    public async Task Send_BesideOtherMail_CountsEventsAlone()
    {
        await CreateAsync("a");
        await _store.SendAsync(new OutgoingMessage("a", new TaskCompleted(1, new string('x', 500))), null, EventVolume.Unbounded);
        await _store.SendAsync(new OutgoingMessage("a", new ExecutionSuspended(null)), null, EventVolume.Unbounded);

        Assert.Equal(SendOutcome.Delivered, (await SendAsync("e", 9, new EventVolume(2, 11))).Outcome);
        Assert.Equal(SendOutcome.Delivered, (await SendAsync("e", 0, new EventVolume(2, 11))).Outcome);
        Assert.Equal(new EventVolume(2, 11), (await SendAsync("e", 0, new EventVolume(2, 11))).Waiting);
        Assert.Equal(SendOutcome.Delivered, (await _store.SendAsync(new OutgoingMessage("a", new ExecutionResumed(null)), null, new EventVolume(2, 11))).Outcome);
    }

    [Fact]
    public async Task Send_ToOneThatWasRewound_CountsWhatWaitedThrough()
    {
        var record = (await CreateAsync("a"))!;
        await SendAsync("e", 2_000_000, EventVolume.Unbounded);
        await _store.CommitAsync(End(record));
        var failed = (await _store.FindAsync("a", default))!;
        await _store.RewindAsync([new RewoundInstance(failed, failed with { Status = OrchestrationRuntimeStatus.Running, Steps = 0 }, new Rewound([], []), [])], []);

        Assert.Equal(new EventVolume(1, 2_000_001), (await SendAsync("e", 0, new EventVolume(2, 1_000))).Waiting);
    }

    private Task<SendResult> SendAsync(string name, int payloadBytes, EventVolume mayWait) =>
        _store.SendAsync(new OutgoingMessage("a", new EventRaised(name, payloadBytes == 0 ? null : new string('x', payloadBytes))), null, mayWait);
}
