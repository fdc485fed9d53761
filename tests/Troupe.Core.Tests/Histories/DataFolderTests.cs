using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Core.Tests.Support;
using Troupe.Testing;
using Troupe.Testing.Histories;

namespace Troupe.Core.Tests.Histories;

/// <summary>What a release has left on disk, finished or not, today's code opens and brings to its end.</summary>
public sealed class DataFolderTests
{
    private static readonly DateTimeOffset SoonAfter = new(2030, 1, 1, 0, 5, 0, TimeSpan.Zero);

    public static TheoryData<string> Releases => [.. DataFolder.Releases()];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Open_FolderOfARelease_FindsEachRunAsItWasAndFinishesIt(string release)
    {
        using var folder = DataFolder.CopyOf(release);
        await using var harness = await RunHarness.OpenAsync(folder.Path, new ManualTimeProvider(SoonAfter));

        foreach (var (run, status) in RecordedWork.Unfinished)
            Assert.Equal((run, status), (run, (await harness.Runs.GetRunAsync(run, CancellationToken.None))!.Status));
        await RecordedWork.FinishAsync(harness);

        foreach (var run in RecordedWork.Unfinished.Keys.Append(RecordedWork.Finished).Append(RecordedWork.Delivering))
            Assert.Equal((run, WorkStatus.Completed), (run, (await harness.Runs.GetRunAsync(run, CancellationToken.None))!.Status));
        Assert.Equal(FailureKinds.BadRequest, (await harness.Runs.GetRunAsync(RecordedWork.Failed, CancellationToken.None))!.Error!.Kind);
        Assert.Equal($"x: {RecordedWork.LongPrompt}", await harness.ResultAsync(RecordedWork.Finished, "task"));
        Assert.Equal("flaky: retrying", await harness.ResultAsync(RecordedWork.Retrying, "task"));
        Assert.Equal("x: c", await harness.ResultAsync(RecordedWork.Running, "c"));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Open_FolderOfARelease_RunsNothingAgainThatWasFinished(string release)
    {
        using var folder = DataFolder.CopyOf(release);
        await using var harness = await RunHarness.OpenAsync(folder.Path, new ManualTimeProvider(SoonAfter));

        await RecordedWork.FinishAsync(harness);

        Assert.Equal(
            ["a", "b", "c", RecordedWork.Later, RecordedWork.Paused, RecordedWork.Retrying],
            harness.Agents.Calls.Select(static call => call.Messages[0].Text).Order(StringComparer.Ordinal));
        var delivery = await harness.Deliveries.GetAsync(await RecordedWork.DeliveryAsync(harness), CancellationToken.None);
        Assert.Equal((DeliveryStatus.Delivered, 2), (delivery!.Status, delivery.Attempts.Count));
        Assert.Single(harness.Receiver.Messages);
    }
}
