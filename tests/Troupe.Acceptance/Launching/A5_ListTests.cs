namespace Troupe.Acceptance.Launching;

public sealed class A5_ListTests : AcceptanceTest
{
    [Fact]
    public async Task A5_List_IsNewestFirstAndPagedByCursor()
    {
        var tag = Unique("paged");
        var launched = new List<string>();
        for (var i = 0; i < 7; i++)
            launched.Add((await Api.LaunchTaskAsync("instant", options: new { tags = new[] { tag } })).Text("workflow_id"));

        Assert.Equal(launched.AsEnumerable().Reverse(), await ListAsync($"workflows?tag={tag}&limit=3"));
    }

    [Fact]
    public async Task A5_List_FiltersByStatusNameAndTime()
    {
        var tag = Unique("filtered");
        var options = new { tags = new[] { tag }, max_retries = 0 };
        var good = (await Api.LaunchTaskAsync("instant", options: options)).Text("workflow_id");
        var bad = (await Api.LaunchTaskAsync("fail-forever", options: options)).Text("workflow_id");
        var named = await Api.LaunchAsync(
            new { name = tag, phases = new[] { new { id = "p", tasks = new[] { new { id = "t", agent = "instant", prompt = "x" } } } } }, options: options);
        foreach (var run in new[] { good, bad, named })
            await Api.FinishAsync(run);

        Assert.Equal([bad], await ListAsync($"workflows?tag={tag}&status=failed"));
        Assert.Equal([named, good], await ListAsync($"workflows?tag={tag}&status=completed"));
        Assert.Equal([named, bad, good], await ListAsync($"workflows?tag={tag}&status=completed,failed"));
        Assert.Equal([named], await ListAsync($"workflows?name={tag}"));
        var later = Uri.EscapeDataString((await Api.RunAsync(bad)).Text("created_at"));
        Assert.Equal([named, bad], await ListAsync($"workflows?tag={tag}&created_from={later}"));
    }

    [Fact]
    public async Task A5_List_ByUser_IsTheCallersOwn()
    {
        var tag = Unique("user");
        var run = (await Api.LaunchTaskAsync("instant", options: new { tags = new[] { tag } })).Text("workflow_id");
        var user = (await Api.RunAsync(run)).Text("user");
        Assert.Equal([run], await ListAsync($"workflows?tag={tag}&user={user}"));
        Assert.Empty(await ListAsync($"workflows?tag={tag}&user=somebody-else"));
    }

    [Theory]
    [InlineData("workflows?status=finished")]
    [InlineData("workflows?limit=0")]
    [InlineData("workflows?limit=501")]
    [InlineData("workflows?created_from=yesterday")]
    [InlineData("workflows?cursor=rubbish")]
    public async Task A5_List_RefusesBadFilters(string path) => (await Api.GetAsync(path)).ExpectProblem(HttpStatusCode.BadRequest);

    private async Task<IReadOnlyList<string>> ListAsync(string path)
    {
        var ids = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = (await Api.GetAsync(path + cursor)).Expect(HttpStatusCode.OK).Json;
            ids.AddRange(page.Items().Select(run => run.Text("workflow_id")));
            if (!page.Has("cursor"))
                return ids;
            cursor = $"&cursor={Uri.EscapeDataString(page.Text("cursor"))}";
        }
    }
}
