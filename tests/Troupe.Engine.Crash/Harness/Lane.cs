using System.Collections.Concurrent;
using System.Net;
using Troupe.Engine.Crash.Judging;
using Troupe.Engine.Crash.Plans;

namespace Troupe.Engine.Crash.Harness;

/// <summary>Carries out plans, and looks into the histories of those under way.</summary>
internal sealed class Lane(Stage stage, HistoryJudge histories)
{
    private const int AtOnce = 32;

    private readonly ConcurrentDictionary<string, Plan> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Plan> _kept = new();
    private readonly ConcurrentQueue<Plan> _purged = new();

    public IReadOnlyList<string> UnderWay => [.. _underWay.Keys];

    public int Purged => _purged.Count;

    /// <summary>From the launch to the last check.</summary>
    public async Task CarryOutAsync(Plan plan, bool purge)
    {
        await plan.LaunchAsync(stage);
        _underWay[plan.Id] = plan;
        await Task.WhenAll(plan.DriveAsync(stage), plan.SuspendAndResumeAsync(stage));
        await plan.EndAsync(stage);
        foreach (var id in plan.Family)
        {
            if (await stage.Client.FindAsync(id) is null) continue;
            var (history, process) = await stage.Client.HistoryAsync(id);
            histories.Observe(id, history, process);
            histories.Check(id, history);
        }

        _underWay.TryRemove(plan.Id, out _);
        if (purge) await PurgeAsync(plan);
        else _kept.Enqueue(plan);
    }

    /// <summary>What has ended must still be as it was, and what was purged must not come back.</summary>
    public async Task JudgeAgainAsync()
    {
        foreach (var batch in _kept.Chunk(AtOnce)) await Task.WhenAll(batch.Select(plan => plan.JudgeAsync(stage)));
        foreach (var batch in _purged.Chunk(AtOnce)) await Task.WhenAll(batch.Select(ExpectGoneAsync));
    }

    /// <summary>Notes what histories show to be done, so that it can be told whether it runs again.</summary>
    public async Task WatchAsync(Random random)
    {
        while (true)
        {
            if (_underWay.Values.ToList() is { Count: > 0 } plans)
            {
                var family = plans[random.Next(plans.Count)].Family;
                var id = family[random.Next(family.Count)];
                if (await stage.Client.FindAsync(id) is not null)
                {
                    var (history, process) = await stage.Client.HistoryAsync(id);
                    histories.Observe(id, history, process);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), stage.Time, stage.Verdict.Ended);
        }
    }

    private async Task PurgeAsync(Plan plan)
    {
        stage.Client.Expect(plan.Id, await stage.Client.SteerAsync(plan.Id, "purge"), HttpStatusCode.Accepted);
        await ExpectGoneAsync(plan);
        _purged.Enqueue(plan);
    }

    private async Task ExpectGoneAsync(Plan plan)
    {
        foreach (var id in plan.Family)
        {
            if (await stage.Client.FindAsync(id) is not null) throw stage.Verdict.Fail(id, "it was purged, and is there");
        }
    }
}
