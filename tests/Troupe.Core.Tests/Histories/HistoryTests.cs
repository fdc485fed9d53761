using Troupe.Core.Deliveries;
using Troupe.Core.Json;
using Troupe.Core.Runs.Activities;
using Troupe.Engine.Replay;
using Troupe.Testing.Histories;

namespace Troupe.Core.Tests.Histories;

/// <summary>
/// Runs that releases have begun go on with today's code: what their orchestrators decided, today's decide again. Folders of earlier
/// releases are never changed.
/// </summary>
public sealed class HistoryTests
{
    private static readonly HistoryFolder Folder = HistoryFolder.Beside();

    public static TheoryData<string> Recorded => [.. Folder.Files];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Replay_RecordedRun_TodaysCodeDecidesTheSame(string file) => Replay(file, Folder.Read(file));

    [Fact]
    public void Recorded_EveryScenarioAndEveryOrchestrator_HasAHistory()
    {
        Assert.All(RecordedRuns.All.Keys, static name => Assert.Contains(Path.Combine("0.1", name, $"{RecordedRuns.Id}.json"), Folder.Files));
        var recorded = Folder.Files.Select(static file => Folder.Read(file).Identity.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Product.Orchestrators.Except(recorded));
    }

    [Fact]
    public void Replay_AnotherActivityWasRecorded_NamesIndexRecordedAttemptedAndTheWayOut()
    {
        var file = Path.Combine("0.1", "retries", $"{RecordedRuns.Id}~task.json");
        var history = Changed(Folder.Read(file), nameof(AgentTurn), static call => [call with { Name = "OldTurn" }]);

        var failure = Assert.ThrowsAny<Exception>(() => Replay(file, history));

        Assert.Contains($"recorded was activity 'OldTurn'", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"the code attempted activity '{nameof(AgentTurn)}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("at decision 1 ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet test tests/Troupe.Core.Tests --filter", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_OneMoreAttemptWasRecorded_SaysThatTheCodeAttemptsNothing()
    {
        var file = Folder.Files.Single(static file => Path.GetDirectoryName(file) == Path.Combine("0.1", "delivery") && Folder.Read(file).Identity.Name == nameof(DeliveryOrchestrator));
        var history = Changed(Folder.Read(file), nameof(Deliver), static call => [call, call with { TaskId = call.TaskId + 100 }]);

        var failure = Assert.ThrowsAny<Exception>(() => Replay(file, history));

        Assert.Contains("but the code attempted nothing", failure.Message, StringComparison.Ordinal);
    }

    private static HistoryFile Changed(HistoryFile history, string activity, Func<ActivityScheduled, IEnumerable<Decision>> change) => history with
    {
        Steps = [.. history.Steps.Select(step => step with
        {
            Decisions = [.. step.Decisions.SelectMany(decision => decision is ActivityScheduled call && call.Name == activity ? change(call) : [decision])],
        })],
    };

    private static void Replay(string file, HistoryFile history)
    {
        try
        {
            history.Replay(Product.Orchestrator(history.Identity), TroupeJson.Options);
        }
        catch (NonDeterminismException mismatch)
        {
            Assert.Fail($"{file}: {mismatch.Message} Only where its release was never published: record it anew with "
                + $"`{HistoryFolder.Command("Troupe.Core.Tests")}`.");
        }
    }
}
