using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Runs;

public sealed class FollowUpTests
{
    [Fact]
    public async Task PromptThatCannotBeRendered_IsRefusedAtOnceAndHoldsUpNothing()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch
        {
            Agent = "x",
            Prompt = "p",
            Options = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.Launch, Agent = "x", Prompt = "{{result.a.b}}" } },
        });
        await harness.EndAsync(run.Id);
        var told = (await harness.Get<IEventLog>().ReadAsync(run.Id, 0, 100, CancellationToken.None))[^1];

        await harness.Activity<FollowUps>().TakeAsync(told, CancellationToken.None);

        Assert.Single((await harness.Runs.ListRunsAsync(new RunQuery(), CancellationToken.None)).Items);
    }
}
