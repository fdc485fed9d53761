using System.Diagnostics;

namespace Troupe.Acceptance.Launching;

public sealed class A6_EventTests : AcceptanceTest
{
    [Fact]
    public async Task A6_LongPoll_ReturnsWhenTheRunEnds()
    {
        var launch = await Api.LaunchTaskAsync("sleep-1s");
        var watch = Stopwatch.StartNew();
        var run = (await Api.GetAsync($"workflows/{launch.Text("workflow_id")}?wait=30s")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("completed", run.Status());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10) + TargetHost.PlatformTime);
    }

    [Fact]
    public async Task A6_LongPoll_ReturnsTheStateAsItIsWhenTheWaitIsOver()
    {
        var launch = await Api.LaunchTaskAsync("sleep-30s");
        var path = $"tasks/{launch.Text("task_id")}/status";
        await Api.UntilAsync(path, state => state.Status() == "running");
        var watch = Stopwatch.StartNew();
        var state = (await Api.GetAsync(path + "?wait=1s")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("running", state.Status());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
        await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/cancel");
    }

    [Fact]
    public async Task A6_LongPoll_RefusesAWaitThatIsNone() =>
        (await Api.GetAsync($"workflows/{(await Api.LaunchTaskAsync("instant")).Text("workflow_id")}?wait=soon")).ExpectProblem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A6_Events_TellTheWholeStoryWithoutGaps()
    {
        var launch = await Api.LaunchTaskAsync("instant");
        var events = await Api.EventsAsync(launch.Text("workflow_id"));

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(one => one.Data.GetProperty("sequence").GetInt64()));
        Assert.Equal("run.queued", events[0].Type);
        Assert.Equal("run.completed", events[^1].Type);
        string[] story = ["run.queued", "run.started", "phase.started", "task.started", "task.completed", "phase.completed", "run.completed"];
        Assert.Equal(story, events.Select(one => one.Type).Where(type => type != "task.progress"));
    }

    [Fact]
    public async Task A6_Events_ResumeAfterTheLastOneSeen()
    {
        var run = (await Api.LaunchTaskAsync("slow-steps")).Text("workflow_id");
        IReadOnlyList<ServerSentEvent> first;
        await using (var stream = await Api.StreamAsync($"workflows/{run}/events"))
            first = await stream.UntilAsync(one => one.Type == "task.started");
        await using var rest = await Api.StreamAsync($"workflows/{run}/events", first[^1].Id);
        var second = await rest.UntilAsync(one => one.EndsRun);

        var all = (await Api.EventsAsync(run)).Select(one => one.Id);
        Assert.Equal(all, first.Concat(second).Select(one => one.Id));
    }

    [Fact]
    public async Task A6_Events_ReachTheClientWhileTheRunGoesOn()
    {
        var run = (await Api.LaunchTaskAsync("sleep-2s")).Text("workflow_id");
        await using var stream = await Api.StreamAsync($"workflows/{run}/events");
        await stream.UntilAsync(one => one.Type == "task.started");
        Assert.Equal("running", (await Api.RunAsync(run)).Status());
        await stream.UntilAsync(one => one.EndsRun);
    }

    [Fact]
    public async Task A6_EventsOfAll_CarryEveryRun()
    {
        await using var stream = await Api.StreamAsync("events");
        var first = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        var second = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        var open = new HashSet<string>([first, second], StringComparer.Ordinal);
        await stream.UntilAsync(one => one.EndsRun && open.Remove(one.Data.Text("workflow_id")) && open.Count == 0);
    }

    [Fact]
    public async Task A6_Progress_OfSlowStepsIsTold()
    {
        var run = (await Api.LaunchTaskAsync("slow-steps")).Text("workflow_id");
        var steps = (await Api.EventsAsync(run)).Where(one => one.Type == "task.progress").Select(one => one.Data.GetProperty("data").GetRawText());
        Assert.Contains(steps, step => step.Contains("step 2 of 3", StringComparison.Ordinal));
    }
}
