using System.Globalization;
using System.Net;
using Troupe.Durable;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Plans;

/// <summary>Fails, is mended and rewound, and goes on; meanwhile it is sent events, which it refuses only while it has failed.</summary>
/// <param name="inChild">Whether a child of it is what fails.</param>
internal sealed class RewindPlan(string id, Random random, bool inChild) : Plan(id, random)
{
    private readonly int _seed = random.Next();

    public override string Orchestrator => nameof(Rewindable);

    public override object Input => inChild;

    public override IReadOnlyList<string> Family => inChild ? [Id, Rewindable.ChildOf(Id)] : [Id];

    protected override object ExpectedOutput => new List<int> { 1, 2, 3 };

    private string Fragile => Family[^1];

    public override Task DriveAsync(Stage stage) => Task.WhenAll(SendAsync(stage), MendAsync(stage));

    private async Task SendAsync(Stage stage)
    {
        var own = new Random(_seed);
        while (await stage.Client.FindAsync(Fragile) is null) await NextLookAsync(stage);
        for (var number = 1; number <= 3; number++)
        {
            var delivery = number.ToString(CultureInfo.InvariantCulture);
            var answer = await stage.Client.RaiseEventAsync(Fragile, Rewindable.Event, new Parcel(number), delivery);
            while (stage.Client.Expect(Fragile, answer, HttpStatusCode.Accepted, HttpStatusCode.Gone).Status == HttpStatusCode.Gone)
            {
                // It was received without an answer if the instance has completed; otherwise it is to be rewound.
                if ((await stage.Client.FindAsync(Fragile))?.RuntimeStatus == OrchestrationRuntimeStatus.Completed) return;
                await NextLookAsync(stage);
                answer = await stage.Client.RaiseEventAsync(Fragile, Rewindable.Event, new Parcel(number), delivery);
            }

            stage.Tally.Raised();
            await stage.PauseAsync(own, 30);
        }
    }

    private async Task MendAsync(Stage stage)
    {
        var (failed, process) = await stage.Client.EndAsync(Id);
        stage.Journal.SawEnd(Id, process);
        if (failed.RuntimeStatus != OrchestrationRuntimeStatus.Failed)
            throw stage.Verdict.Fail(Id, $"it should have failed, but it is {failed.RuntimeStatus}");
        stage.Journal.Reopens(Id);
        await File.WriteAllTextAsync(Work.Fragile.MendingFile(stage.Folder, Fragile), "", stage.Verdict.Ended);
        var answer = await stage.Client.SteerAsync(Id, "rewind");
        stage.Client.ExpectAccepted(Id, answer);
    }

    private static Task NextLookAsync(Stage stage) => Task.Delay(TimeSpan.FromMilliseconds(5), stage.Time, stage.Verdict.Ended);
}
