using Troupe.Durable;

namespace Troupe.Core.Concurrency;

/// <summary>Which of some instances have ended, or are not there any more.</summary>
public sealed class FindEnded(IOrchestrationClient client) : Activity<FindEndedInput, IReadOnlyList<string>>
{
    public override async Task<IReadOnlyList<string>> RunAsync(ActivityContext context, FindEndedInput input)
    {
        var ended = new List<string>();
        foreach (var id in input.Instances)
        {
            if (await client.GetInstanceAsync(id, cancellation: context.CancellationToken) is not { } instance || instance.RuntimeStatus.IsTerminal())
                ended.Add(id);
        }

        return ended;
    }
}

/// <param name="Instances">Ids.</param>
public sealed record FindEndedInput(IReadOnlyList<string> Instances);
