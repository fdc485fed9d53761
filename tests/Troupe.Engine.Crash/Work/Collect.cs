using Troupe.Durable;

namespace Troupe.Engine.Crash.Work;

/// <param name="Ballast">Makes some events so large that they are stored beside the history.</param>
internal sealed record Parcel(int Number, string? Ballast = null);

/// <param name="Life">0 in the first execution.</param>
/// <param name="Pairs">How many events of each name are to come.</param>
/// <param name="PairsPerExecution">After how many of them it continues as new.</param>
internal sealed record CollectInput(long Life, int Pairs, int PairsPerExecution, int Milliseconds, List<int> Got)
{
    public List<int> Output() => [.. Enumerable.Range(1, Pairs).SelectMany(static number => new[] { number, -number })];
}

/// <summary>Takes events of two names in turn, works on each pair, and continues as new again and again.</summary>
internal sealed class Collect : Orchestrator<CollectInput, List<int>>
{
    public const string Left = "left";
    public const string Right = "right";

    public override async Task<List<int>> RunAsync(OrchestrationContext context, CollectInput input)
    {
        var life = input.Life == 0 ? context.CurrentUtcDateTime.Ticks : input.Life;
        List<int> got = [.. input.Got];
        if (got.Count == 0) await WorkAsync();
        for (var pairs = 0; got.Count < 2 * input.Pairs; pairs++)
        {
            if (pairs == input.PairsPerExecution)
            {
                context.ContinueAsNew(input with { Life = life, Got = got });
                break;
            }

            got.Add((await context.WaitForExternalEvent<Parcel>(Left)).Number);
            got.Add(-(await context.WaitForExternalEvent<Parcel>(Right)).Number);
            await WorkAsync();
        }

        return got;

        Task WorkAsync() => context.CallActivityAsync<Done>(nameof(Piece), new Job(life, got.Count, 0, input.Milliseconds));
    }
}
