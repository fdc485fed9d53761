using Troupe.Durable;

namespace Troupe.Engine.Crash.Work;

/// <param name="NotBefore">When the instance may start, in ticks; 0 for at once.</param>
internal sealed record ChainInput(int Length, int Milliseconds, long NotBefore = 0)
{
    public long Output() => Enumerable.Range(0, Length).Sum(static stage => Done.ValueOf(stage, 0));
}

/// <summary>One piece of work after the other.</summary>
internal sealed class Chain : Orchestrator<ChainInput, long>
{
    public override async Task<long> RunAsync(OrchestrationContext context, ChainInput input)
    {
        var life = context.CurrentUtcDateTime.Ticks;
        var sum = 0L;
        for (var stage = 0; stage < input.Length; stage++)
        {
            var done = await context.CallActivityAsync<Done>(
                nameof(Piece), new Job(life, stage, 0, input.Milliseconds, stage == 0 ? input.NotBefore : 0));
            context.SetCustomStatus(stage);
            sum += done.Value();
        }

        return sum;
    }
}

internal sealed record FanOutInput(int Width, int Milliseconds)
{
    public long Output() => Enumerable.Range(0, Width).Sum(static index => Done.ValueOf(0, index)) + Done.ValueOf(1, 0);
}

/// <summary>Many pieces at once, and one that needs them all.</summary>
internal sealed class FanOut : Orchestrator<FanOutInput, long>
{
    public override async Task<long> RunAsync(OrchestrationContext context, FanOutInput input)
    {
        var life = context.CurrentUtcDateTime.Ticks;
        var parts = await Task.WhenAll(Enumerable.Range(0, input.Width).Select(index => context.CallActivityAsync<Done>(
            nameof(Piece), new Job(life, 0, index, input.Milliseconds), new ActivityOptions(Priority: (ActivityPriority)((index % 3) - 1)))));
        var last = await context.CallActivityAsync<Done>(nameof(Piece), new Job(life, 1, 0));
        return parts.Sum(static done => done.Value()) + last.Value();
    }
}

/// <summary>Timers one after the other, all at once, cancelled, and as the bound of a wait.</summary>
internal sealed class Timers : Orchestrator<int[], int>
{
    public override async Task<int> RunAsync(OrchestrationContext context, int[] input)
    {
        var life = context.CurrentUtcDateTime.Ticks;
        var stage = 0;
        foreach (var delay in input)
        {
            var due = context.CurrentUtcDateTime.AddMilliseconds(delay);
            await context.CreateTimer(due, CancellationToken.None);
            await WorkAsync(due);
        }

        var now = context.CurrentUtcDateTime;
        using var giveUp = new CancellationTokenSource();
        var far = context.CreateTimer(now.AddDays(30), giveUp.Token);
        await Task.WhenAll(input.Select(delay => context.CreateTimer(now.AddMilliseconds(delay), CancellationToken.None)));
        await WorkAsync(now.AddMilliseconds(input.Max()));
        Cancel(giveUp);

        now = context.CurrentUtcDateTime;
        try
        {
            await context.WaitForExternalEvent<int>("never", TimeSpan.FromMilliseconds(input[0]));
        }
        catch (TaskCanceledException)
        {
            await WorkAsync(now.AddMilliseconds(input[0]));
        }

        return far.IsCanceled ? stage : -1;

        Task WorkAsync(DateTime due) => context.CallActivityAsync<Done>(nameof(Piece), new Job(life, stage++, 0, 0, due.Ticks));
    }

    // CancelAsync would leave the orchestrator's thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();
}
