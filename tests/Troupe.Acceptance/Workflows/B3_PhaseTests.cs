namespace Troupe.Acceptance.Workflows;

public sealed class B3_PhaseTests : AcceptanceTest
{
    private static readonly object Diamond = new
    {
        name = "diamond",
        phases = new object[]
        {
            new { id = "start", weight = 1, tasks = new[] { new { id = "a", agent = "jittered", prompt = "x" } } },
            new { id = "left", weight = 2, after = new[] { "start" }, tasks = new[] { new { id = "b", agent = "sleep-1s", prompt = "x" } } },
            new { id = "right", weight = 2, after = new[] { "start" }, tasks = new[] { new { id = "c", agent = "sleep-1s", prompt = "x" } } },
            new { id = "end", weight = 5, after = new[] { "left", "right" }, tasks = new[] { new { id = "d", agent = "jittered", prompt = "x" } } },
        },
    };

    [Fact]
    public async Task B3_Phase_StartsWhenAllItWaitsForIsComplete()
    {
        var run = await Api.LaunchAsync(Diamond);
        await Api.CompleteAsync(run);
        var events = (await Api.EventsAsync(run)).ToList();

        Assert.True(At("phase.completed", "start") < At("phase.started", "left"));
        Assert.True(At("phase.completed", "start") < At("phase.started", "right"));
        Assert.True(At("phase.completed", "left") < At("phase.started", "end"));
        Assert.True(At("phase.completed", "right") < At("phase.started", "end"));
        Assert.Equal(4, events.Count(one => one.Type == "phase.completed"));

        int At(string type, string phase)
        {
            var index = events.FindIndex(one => one.Type == type && one.Data.GetProperty("data").Text("phase") == phase);
            Assert.True(index >= 0, $"There is no {type} of {phase}.");
            return index;
        }
    }

    [Fact]
    public async Task B3_IndependentPhases_RunAtOnce()
    {
        var run = await Api.LaunchAsync(Diamond);
        await Api.CompleteAsync(run);
        var (left, right) = (await Api.TaskAsync(run, "b"), await Api.TaskAsync(run, "c"));
        Assert.True(left.Time("started_at") < right.Time("completed_at"));
        Assert.True(right.Time("started_at") < left.Time("completed_at"));
    }

    [Fact]
    public async Task B3_Progress_IsWeightedAndNeverGoesBack()
    {
        var run = await Api.LaunchAsync(Diamond);
        var seen = new List<double>();
        await Api.UntilAsync($"workflows/{run}", state =>
        {
            seen.Add(state.GetProperty("progress").GetProperty("percent").GetDouble());
            return state.IsTerminal();
        });
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(100, seen[^1]);
        Assert.All(seen.Where(percent => percent is > 0 and < 99), percent => Assert.Contains(percent, new double[] { 10, 30, 50 }));
        Assert.Contains(50, seen);
    }

    [Fact]
    public async Task B3_Phases_AreListedWithTheirStates()
    {
        var run = await Api.LaunchAsync(Diamond);
        var phases = (await Api.CompleteAsync(run)).Items("phases");
        Assert.Equal(["start", "left", "right", "end"], phases.Select(phase => phase.Text("id")));
        Assert.All(phases, phase => Assert.Equal("completed", phase.Status()));
        Assert.All(phases, phase => Assert.True(phase.Time("started_at") <= phase.Time("completed_at")));
    }
}
