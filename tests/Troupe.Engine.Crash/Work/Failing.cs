using Troupe.Durable;

namespace Troupe.Engine.Crash.Work;

/// <param name="Failures">Executions that fail.</param>
/// <param name="Attempts">Attempts that are made.</param>
internal sealed record RetryInput(int Failures, int Attempts, int IntervalMilliseconds);

/// <summary>Repeats what fails, with timers in between.</summary>
internal sealed class Retrying : Orchestrator<RetryInput, long>
{
    public override async Task<long> RunAsync(OrchestrationContext context, RetryInput input)
    {
        var life = context.CurrentUtcDateTime.Ticks;
        await context.CallActivityAsync<Done>(nameof(Piece), new Job(life, 0, 0));
        var policy = new RetryPolicy(input.Attempts, TimeSpan.FromMilliseconds(input.IntervalMilliseconds));
        await context.CallActivityAsync<Done>(nameof(Flaky), new Job(life, 1, 0, Failures: input.Failures), new ActivityOptions(policy));
        return (await context.CallActivityAsync<Done>(nameof(Piece), new Job(life, 2, 0))).Value();
    }
}

/// <summary>Fails between two events, in a child where the input says so, and goes on once it is mended and rewound.</summary>
internal sealed class Rewindable : Orchestrator<bool, List<int>>
{
    public const string Event = "number";

    public static string ChildOf(string id) => id + "-r";

    public override async Task<List<int>> RunAsync(OrchestrationContext context, bool input)
    {
        if (input)
        {
            return await context.CallSubOrchestratorAsync<List<int>>(
                nameof(Rewindable), false, new SubOrchestrationOptions(InstanceId: ChildOf(context.InstanceId)));
        }

        var life = context.CurrentUtcDateTime.Ticks;
        var first = await context.WaitForExternalEvent<Parcel>(Event);
        await context.CallActivityAsync<Done>(nameof(Piece), new Job(life, 0, 0));
        await context.CallActivityAsync<Done>(
            nameof(Fragile), new Job(life, 1, 0), new ActivityOptions(new RetryPolicy(2, TimeSpan.FromMilliseconds(5))));
        var second = await context.WaitForExternalEvent<Parcel>(Event);
        var third = await context.WaitForExternalEvent<Parcel>(Event);
        await context.CallActivityAsync<Done>(nameof(Piece), new Job(life, 2, 0));
        return [first.Number, second.Number, third.Number];
    }
}
