using System.Globalization;
using Troupe.Durable;

namespace Troupe.Engine.CrashSubject;

/// <summary>The load of the process that is killed, and what it must have led to.</summary>
public static class CrashWork
{
    public const int EventsPerInstance = 3;

    public const string ExpectedOutput = "[2,4,6]";

    public static DurableTaskRegistry Registry() => new DurableTaskRegistry().AddOrchestrator<Collect>().AddOrchestrator<DoubleChild>().AddActivity<Double>();

    public static async Task LoadAsync(IOrchestrationClient client, string prefix)
    {
        for (var i = 0; ; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(Collect), null, new StartOrchestrationOptions(id));
            await Console.Out.WriteLineAsync($"started {id}");
            for (var n = 1; n <= EventsPerInstance; n++)
            {
                await RaiseAsync(client, id, n);
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"raised {id} {n}"));
            }
        }
    }

    /// <summary>Raises an event under its own delivery id, so that it counts once however often it is raised.</summary>
    public static Task RaiseAsync(IOrchestrationClient client, string id, int n) =>
        client.RaiseEventAsync(id, "number", n, string.Create(CultureInfo.InvariantCulture, $"delivery-{n}"));
}

/// <summary>Doubles each number that it is sent; begins anew after the second, and leaves the last to a child.</summary>
public sealed class Collect : Orchestrator<List<int>?, List<int>>
{
    public override async Task<List<int>> RunAsync(OrchestrationContext context, List<int>? input)
    {
        List<int> got = [.. input ?? []];
        while (got.Count < CrashWork.EventsPerInstance)
        {
            var number = await context.WaitForExternalEvent<int>("number");
            got.Add(await DoubleAsync(context, number, last: got.Count == CrashWork.EventsPerInstance - 1));
            if (got.Count != 2) continue;
            context.ContinueAsNew(got);
            break;
        }

        return got;
    }

    private static Task<int> DoubleAsync(OrchestrationContext context, int number, bool last) => last
        ? context.CallSubOrchestratorAsync<int>(nameof(DoubleChild), number, new SubOrchestrationOptions(InstanceId: context.InstanceId + "-child"))
        : context.CallActivityAsync<int>(nameof(Double), number);
}

public sealed class DoubleChild : Orchestrator<int, int>
{
    public override Task<int> RunAsync(OrchestrationContext context, int input) => context.CallActivityAsync<int>(nameof(Double), input);
}

public sealed class Double : Activity<int, int>
{
    public override Task<int> RunAsync(ActivityContext context, int input) => Task.FromResult(input * 2);
}

public sealed class NoServices : IServiceProvider
{
    public static readonly NoServices Instance = new();

    public object? GetService(Type serviceType) => null;
}
