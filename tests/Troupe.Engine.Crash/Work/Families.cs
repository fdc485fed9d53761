using Troupe.Durable;

namespace Troupe.Engine.Crash.Work;

internal sealed record FamilyInput(ChainInput Chain, FanOutInput FanOut, CollectInput Collect)
{
    public FamilyOutput Output() => new(Chain.Output(), FanOut.Output(), Collect.Output());
}

internal sealed record FamilyOutput(long Chain, long FanOut, List<int> Collected);

/// <summary>Children side by side; one of them lives on the events that its parent sends.</summary>
internal sealed class Family : Orchestrator<FamilyInput, FamilyOutput>
{
    public static IReadOnlyList<string> ChildrenOf(string id) => [id + "-chain", id + "-fan", id + "-collect"];

    public override async Task<FamilyOutput> RunAsync(OrchestrationContext context, FamilyInput input)
    {
        var ids = ChildrenOf(context.InstanceId);
        var life = context.CurrentUtcDateTime.Ticks;
        var collect = context.CallSubOrchestratorAsync<List<int>>(nameof(Collect), input.Collect, new SubOrchestrationOptions(InstanceId: ids[2]));
        var chain = context.CallSubOrchestratorAsync<long>(nameof(Chain), input.Chain, new SubOrchestrationOptions(InstanceId: ids[0]));
        for (var number = 1; number <= input.Collect.Pairs; number++)
        {
            context.SendEvent(ids[2], Collect.Right, new Parcel(number));
            await context.CallActivityAsync<Done>(nameof(Piece), new Job(life, number, 0));
            context.SendEvent(ids[2], Collect.Left, new Parcel(number));
        }

        var fan = context.CallSubOrchestratorAsync<long>(nameof(FanOut), input.FanOut, new SubOrchestrationOptions(InstanceId: ids[1]));
        return new FamilyOutput(await chain, await fan, await collect);
    }
}

/// <summary>Never ends by itself, and neither do its descendants: as many generations as the input says.</summary>
internal sealed class Doomed : Orchestrator<int, int>
{
    public static string ChildOf(string id) => id + "-d";

    public override async Task<int> RunAsync(OrchestrationContext context, int input)
    {
        var work = context.CallActivityAsync<Done>(nameof(Endless), new Job(context.CurrentUtcDateTime.Ticks, 0, 0));
        var child = input == 0
            ? context.WaitForExternalEvent<int>("never")
            : context.CallSubOrchestratorAsync<int>(nameof(Doomed), input - 1, new SubOrchestrationOptions(InstanceId: ChildOf(context.InstanceId)));
        await Task.WhenAll(work, child);
        return await child;
    }
}
