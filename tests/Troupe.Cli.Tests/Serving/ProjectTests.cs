using Troupe.Client;
using Troupe.Client.Projects;

namespace Troupe.Cli.Tests.Serving;

/// <summary>The client's library against a whole server.</summary>
public sealed class ProjectTests
{
    [Fact]
    public async Task ExecuteTasksParallel_NeedsAndAFailure_EndInOrder()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        using var client = TroupeClient.Connect(server.Address);
        var project = new ProjectOrchestrator(client);

        var results = await project.ExecuteTasksParallelAsync(
            [
                new AgentTask("sum", "echo", "Sum of {{x}}.") { Needs = ["first part"] },
                new AgentTask("first part", "echo", "1 < 2"),
                new AgentTask("broken", "fail-permanent", "x") { Options = new LaunchOptions { MaxRetries = 0 } },
                new AgentTask("lost", "echo", "x") { Needs = ["broken"] },
            ],
            maxConcurrency: 2);

        Assert.Equal(["sum", "first part", "broken", "lost"], results.Select(static result => result.Name));
        Assert.Equal([WorkStatus.Completed, WorkStatus.Completed, WorkStatus.Failed, WorkStatus.Skipped], results.Select(static result => result.Status));
        Assert.Equal("Sum of {{x}}.\n\nfirst part:\n\n1 < 2", results[0].Text);
        Assert.NotNull(results[2].Error);
    }

    [Fact]
    public async Task ExecuteTask_NeedOfAnEarlierCall_PassesItsResult()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        using var client = TroupeClient.Connect(server.Address);
        var project = new ProjectOrchestrator(client, new AgentTask("a", "echo", "one"), new AgentTask("b", "echo", "two") { Needs = ["a"] });

        await Assert.ThrowsAsync<UnmetDependencyException>(() => project.ExecuteTaskAsync("b"));
        await project.ExecuteTaskAsync("a");

        Assert.Equal("two\n\na:\n\none", (await project.ExecuteTaskAsync("b")).Text);
    }

    [Fact]
    public async Task ExecuteTask_UnknownAgent_IsRefusedByTheServer()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        using var client = TroupeClient.Connect(server.Address);

        var refusal = await Assert.ThrowsAsync<TroupeApiException>(
            () => new ProjectOrchestrator(client).ExecuteTaskAsync(new AgentTask("a", "ghost", "x")));

        Assert.Contains("ghost", Assert.Single(refusal.Errors).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_And_Estimate_ReadTheServersAnswers()
    {
        using var cli = new Cli();
        cli.Write("flows/sound.yaml", "name: sound\nphases:\n  - {id: p, tasks: [{id: t, agent: echo, prompt: x}]}\n");
        await using var server = await cli.StartServerAsync();
        using var client = TroupeClient.Connect(server.Address);

        Assert.True((await client.ValidateAsync(new WorkflowRequest("sound"))).Valid);
        Assert.NotEmpty((await client.ValidateAsync(new WorkflowRequest("unsound"))).Problems);
        Assert.Equal(["t"], (await client.EstimateAsync(new WorkflowRequest("sound"))).CriticalPath);
    }

    [Fact]
    public async Task LaunchBatch_AndArtifacts_WorkWithTheServer()
    {
        using var cli = new Cli();
        await using var server = await cli.StartServerAsync();
        using var client = TroupeClient.Connect(server.Address);

        var batch = await client.LaunchBatchAsync(new BatchRequest([new("echo", "1"), new("echo", "2")]), "key-1");
        Assert.Equal(batch.WorkflowId, (await client.LaunchBatchAsync(new BatchRequest([new("echo", "1"), new("echo", "2")]), "key-1")).WorkflowId);
        Assert.Equal(WorkStatus.Completed, (await client.WaitAsync(batch.WorkflowId)).Status);
        Assert.Equal("2", (await client.TaskResultAsync(batch.Tasks![1].TaskId)).ResultText);

        using var content = new MemoryStream("hello"u8.ToArray());
        var stored = await client.UploadArtifactAsync(content, "text/plain");
        using var reader = new StreamReader(await client.DownloadArtifactAsync(stored.Hash));
        Assert.Equal("hello", await reader.ReadToEndAsync());
    }
}
