using Troupe.Core.Records;

namespace Troupe.Storage.Bench;

/// <summary>How long the first pages of lists take, for filters that match much, little and nothing.</summary>
internal static class ListBench
{
    private static readonly (string Name, RunQuery Query)[] Queries =
    [
        ("all", new()),
        ("status, a fifth of all", new() { Statuses = [WorkStatus.Failed] }),
        ("status, none", new() { Statuses = [WorkStatus.Paused] }),
        ("five statuses", new() { Statuses = [WorkStatus.Queued, WorkStatus.Waiting, WorkStatus.Running, WorkStatus.Retrying, WorkStatus.Paused] }),
        ("tag of all", new() { Tag = "nightly" }),
        ("rare tag", new() { Tag = "rare" }),
        ("name", new() { Name = "workflow-3" }),
        ("user", new() { User = "user-3" }),
        ("time", new() { CreatedTo = new DateTimeOffset(2030, 1, 1, 6, 0, 0, TimeSpan.Zero) }),
        ("status and rare user", new() { Statuses = [WorkStatus.Completed], User = "rare" }),
        ("status and unknown name", new() { Statuses = [WorkStatus.Completed], Name = "none" }),
        ("user and unknown name", new() { User = "user-3", Name = "none" }),
        ("tag of all and unknown user", new() { Tag = "nightly", User = "none" }),
        ("tag of all and status, none", new() { Tag = "nightly", Statuses = [WorkStatus.Paused] }),
    ];

    public static async Task RunAsync(IRunStore store, int repetitions)
    {
        foreach (var (name, query) in Queries)
        {
            var times = new Percentiles(repetitions);
            for (var n = 0; n < repetitions; n++) await times.MeasureAsync(() => store.ListRunsAsync(query, default));
            await Console.Out.WriteLineAsync($"list, {name}: {times}");
        }

        await DeepAsync(store, repetitions);
    }

    /// <summary>Pages far from the first cost what the first does.</summary>
    private static async Task DeepAsync(IRunStore store, int repetitions)
    {
        var times = new Percentiles(repetitions);
        string? cursor = null;
        for (var n = 0; n < repetitions; n++)
        {
            var query = new RunQuery { Limit = 500, Cursor = cursor };
            cursor = (await times.MeasureAsync(() => store.ListRunsAsync(query, default))).Cursor;
        }

        await Console.Out.WriteLineAsync($"list, pages of 500 one after the other: {times}");
    }
}
