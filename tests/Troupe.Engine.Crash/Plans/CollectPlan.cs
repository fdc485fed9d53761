using System.Globalization;
using System.Net;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Plans;

/// <summary>Sends two sequences of events side by side; some twice on purpose, which must count once.</summary>
/// <param name="ballast">Characters that some of the events carry.</param>
internal sealed class CollectPlan(string id, Random random, CollectInput input, int ballast) : Plan(id, random)
{
    private readonly int _leftSeed = random.Next();
    private readonly int _rightSeed = random.Next();

    public override string Orchestrator => nameof(Collect);

    public override object Input => input;

    public override bool IsBulky => ballast > 0;

    protected override object ExpectedOutput => input.Output();

    public override Task DriveAsync(Stage stage) => Task.WhenAll(
        SendAsync(stage, Collect.Left, new Random(_leftSeed)), SendAsync(stage, Collect.Right, new Random(_rightSeed)));

    private async Task SendAsync(Stage stage, string name, Random own)
    {
        for (var number = 1; number <= input.Pairs; number++)
        {
            await stage.PauseAsync(own, 60);
            var parcel = new Parcel(number, ballast > 0 && own.Next(2) == 0 ? new string('x', ballast) : null);
            var delivery = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            var answer = await stage.Client.RaiseEventAsync(Id, name, parcel, delivery);
            // The last event may have ended the instance, though its answer was lost.
            stage.Client.ExpectAccepted(Id, answer);
            stage.Tally.Raised();
            if (own.Next(10) > 0) continue;
            stage.Client.Expect(
                Id, await stage.Client.RaiseEventAsync(Id, name, parcel, delivery), HttpStatusCode.Accepted, HttpStatusCode.Gone);
        }
    }
}
