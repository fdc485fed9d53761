namespace Troupe.Acceptance.Workflows;

/// <summary>Runs of many tasks, which would hold up those of other tests.</summary>
[Collection(QuietCollection.Name)]
public sealed class LargeRunTests : AcceptanceTest
{
    [Fact]
    public async Task A2_BatchOfAThousand_Completes()
    {
        var tasks = Enumerable.Range(0, 1000).Select(i => new { agent = "instant", prompt = $"{i}" });
        var launch = (await Api.PostAsync("batches", new { tasks, options = new { max_concurrency = 100 } })).Expect(HttpStatusCode.Accepted).Json;
        var run = await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal(1000, run.GetProperty("task_count").GetInt32());
        Assert.All(await Api.TasksAsync(launch.Text("workflow_id")), task => Assert.Equal("completed", task.Status()));
    }

    [Fact]
    public async Task B1_ForEach_OverALargeListKeepsEveryItem()
    {
        var definition = new
        {
            name = "large",
            inputs = new { files = new { type = "array" } },
            phases = new[] { new { id = "p", tasks = new[] { new { id = "each", agent = "echo", prompt = "{{item}}", for_each = "inputs.files" } } } },
            options = new { max_concurrency = 50 },
        };
        var files = Enumerable.Range(0, 700).Select(i => $"file {i}").ToList();
        var run = await Api.LaunchAsync(definition, new { files });
        await Api.CompleteAsync(run);
        var items = (await Api.TasksAsync(run)).Where(task => task.Text("key").StartsWith("each.", StringComparison.Ordinal)).ToList();
        Assert.Equal(700, items.Count);
        Assert.Equal("file 699", await Api.ResultTextAsync(run, "each.699"));
    }
}
