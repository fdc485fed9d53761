using DurableTask.Core;
using DurableTask.Core.History;
using Troupe.Durable;
using Troupe.Functions.Adapter;

namespace Troupe.Functions.Tests.Adapter;

public sealed class HistoriesTests
{
    private static readonly DateTime At = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Calls_AndTheirEnds_AreToldTogether()
    {
        var told = Histories.Of(
        [
            new OrchestratorStartedEvent(-1) { Timestamp = At },
            new ExecutionStartedEvent(-1, "1") { Name = "Run", Timestamp = At },
            new TaskScheduledEvent(0, "Add", "", "2") { Timestamp = At },
            new SubOrchestrationInstanceCreatedEvent(1) { Name = "Child", Input = "3", Timestamp = At },
            new OrchestratorCompletedEvent(-1) { Timestamp = At },
            new TaskCompletedEvent(-1, 0, "4") { Timestamp = At.AddSeconds(1) },
            new SubOrchestrationInstanceFailedEvent(-1, 1, "gone wrong", "details") { Timestamp = At.AddSeconds(2) },
            new ExecutionCompletedEvent(2, "5", OrchestrationStatus.Completed) { Timestamp = At.AddSeconds(3) },
        ]);

        var at = new DateTimeOffset(At);
        Assert.Equal(
            [
                new("ExecutionStarted", at) { Name = "Run", Input = "1" },
                new("TaskScheduled", at) { Name = "Add", Input = "2" },
                new("SubOrchestrationInstanceCreated", at) { Name = "Child", Input = "3" },
                new("TaskCompleted", at.AddSeconds(1)) { Name = "Add", ScheduledTime = at, Result = "4" },
                new("SubOrchestrationInstanceFailed", at.AddSeconds(2)) { Name = "Child", ScheduledTime = at, Reason = "gone wrong" },
                new OrchestrationHistoryEvent("ExecutionCompleted", at.AddSeconds(3)) { Result = "5", OrchestrationStatus = Durable.OrchestrationRuntimeStatus.Completed },
            ],
            told);
    }

    [Fact]
    public void TimersAndMessages_KeepWhatTheySay()
    {
        var told = Histories.Of(
        [
            new TimerCreatedEvent(0, At.AddHours(1)) { Timestamp = At },
            new TimerFiredEvent(-1, At.AddHours(1)) { TimerId = 0, Timestamp = At },
            new EventRaisedEvent(-1, "1") { Name = "in", Timestamp = At },
            new EventSentEvent(1) { Name = "out", Input = "2", Timestamp = At },
            new ExecutionSuspendedEvent(-1, "wait") { Timestamp = At },
            new ExecutionResumedEvent(-1, "go on") { Timestamp = At },
            new ExecutionTerminatedEvent(-1, "\"enough\"") { Timestamp = At },
            new ExecutionCompletedEvent(2, "3", OrchestrationStatus.ContinuedAsNew) { Timestamp = At },
        ]);

        var due = new DateTimeOffset(At.AddHours(1));
        Assert.Equal((due, due), (told[0].FireAt, told[1].FireAt));
        Assert.Equal(("in", "1", "out", "2"), (told[2].Name, told[2].Input, told[3].Name, told[3].Input));
        Assert.Equal(["wait", "go on", "\"enough\""], told.Skip(4).Take(3).Select(static happened => happened.Reason));
        Assert.Equal(("ContinueAsNew", "3"), (told[7].EventType, told[7].Result));
    }
}
