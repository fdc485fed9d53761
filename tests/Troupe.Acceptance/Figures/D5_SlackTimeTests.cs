using System.Diagnostics;
using Troupe.Acceptance.People;
using Xunit.Abstractions;

namespace Troupe.Acceptance.Figures;

/// <summary>Slack asks once and waits for three seconds: each request gets one try, the first after the server's start included.</summary>
[Collection(QuietCollection.Name)]
public sealed class D5_SlackTimeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SlackServer _slack = new();

    public Task InitializeAsync() => _slack.StartAsync();

    public Task DisposeAsync() => _slack.DisposeAsync().AsTask();

    [ConfiguredFact]
    public async Task D5_EveryCommand_IsAnsweredWithinSlacksThreeSeconds()
    {
        foreach (var text in (string[])["run review-pr diff=x", "help", "status"])
            await MeasureAsync("U1", text);
        await MeasureAsync("U2", "approvals");
    }

    private async Task MeasureAsync(string member, string text)
    {
        var watch = Stopwatch.StartNew();
        (await _slack.CommandAsync(member, text)).Expect(HttpStatusCode.OK);
        var taken = watch.Elapsed;
        output.WriteLine($"'{text}': {taken.TotalMilliseconds:0} ms");
        Assert.True(taken < Patience, $"'{text}' took {taken.TotalSeconds:0.0} s.");
    }
}
