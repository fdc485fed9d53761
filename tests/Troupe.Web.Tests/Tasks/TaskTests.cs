using System.Net;
using System.Text;
using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Tasks;

public sealed class TaskTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Status_Running_TellsWhereItStands()
    {
        await SeedAsync(WorkStatus.Retrying, task => task with
        {
            StartedAt = _app.Time.GetUtcNow(),
            Attempt = 2,
            CurrentStep = "waiting",
            NextRetryAt = _app.Time.GetUtcNow().AddSeconds(4),
            Error = new Failure(FailureKinds.RateLimited, "Too fast.", true, TimeSpan.FromSeconds(3), "secret stack"),
            Usage = new Usage(10, 20, 0.5m),
        });
        var reply = (await _app.GetAsync("/api/v1/tasks/r:task/status")).Expect(HttpStatusCode.OK);
        var json = reply.Json;
        Assert.Equal("retrying", reply.Get("status"));
        Assert.Equal(("r:task", "r", "task"), (reply.Get("task_id"), reply.Get("workflow_id"), reply.Get("key")));
        Assert.Equal((2, 4), (json.GetProperty("attempt").GetInt32(), json.GetProperty("max_attempts").GetInt32()));
        Assert.Equal("2030-01-01T00:00:04Z", reply.Get("next_retry_at"));
        Assert.Equal("waiting", json.GetProperty("progress").GetProperty("current_step").GetString());
        Assert.True(json.GetProperty("progress").TryGetProperty("estimated_time_remaining", out _));
        Assert.Equal("""{"kind":"rate_limited","message":"Too fast.","retryable":true,"retry_after":3}""", json.GetProperty("error").GetRawText());
        Assert.Equal("http://localhost/api/v1/tasks/r:task/result", reply.Get("result_url"));
        Assert.Equal("2", reply.Header("Retry-After"));
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_EscapedColon_IsTheSameTask()
    {
        await SeedAsync(WorkStatus.Running);
        (await _app.GetAsync("/api/v1/tasks/r%3Atask/status")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("result")]
    [InlineData("status?wait=1s")]
    [InlineData("artifacts/a.md")]
    public async Task Any_Unknown_Is404(string part) =>
        (await _app.GetAsync($"/api/v1/tasks/none/{part}")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task Status_LongPoll_AnswersWhenItEnds()
    {
        await SeedAsync(WorkStatus.Running);
        var answer = _app.GetAsync("/api/v1/tasks/r:task/status?wait=30s");
        await _app.ChangeTaskAsync("r:task", task => task with { CurrentStep = "half" });
        await _app.ChangeTaskAsync("r:task", task => task with { Status = WorkStatus.Completed });
        Assert.Equal("completed", (await answer).Expect(HttpStatusCode.OK).Get("status"));
    }

    [Fact]
    public async Task Status_LongPoll_AnswersAsItIsWhenTheWaitIsOver()
    {
        await SeedAsync(WorkStatus.Running);
        var answer = _app.GetAsync("/api/v1/tasks/r:task/status?wait=30s");
        await AdvanceUntilAsync(answer, TimeSpan.FromSeconds(30));
        Assert.Equal("running", (await answer).Expect(HttpStatusCode.OK).Get("status"));
    }

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait=61s")]
    [InlineData("wait=-1")]
    [InlineData("wait=1s&wait=2s")]
    public async Task Status_BadWait_Is400(string query) =>
        (await _app.GetAsync($"/api/v1/tasks/r:task/status?{query}")).ExpectProblem(HttpStatusCode.BadRequest, "?wait");

    [Fact]
    public async Task Result_NotEnded_Is409WithRetryAfter()
    {
        await SeedAsync(WorkStatus.Running);
        var reply = await _app.GetAsync("/api/v1/tasks/r:task/result");
        Assert.Equal("running", reply.ExpectProblem(HttpStatusCode.Conflict).GetProperty("task_status").GetString());
        Assert.Equal("2", reply.Header("Retry-After"));
    }

    [Fact]
    public async Task Result_LongPoll_AnswersWhenItEnds()
    {
        await SeedAsync(WorkStatus.Running);
        var answer = _app.GetAsync("/api/v1/tasks/r:task/result?wait=60");
        await _app.ChangeTaskAsync("r:task", task => task with { Status = WorkStatus.Completed, Result = Content.Inline("done"), ResultType = ResultType.Summary });
        Assert.Equal("done", (await answer).Expect(HttpStatusCode.OK).Get("result"));
    }

    [Fact]
    public async Task Result_Text_HasFilesUsageAndCost()
    {
        var file = await _app.Stores.Artifacts.PutTextAsync("# Report", "text/markdown", default);
        await SeedAsync(WorkStatus.Completed, task => task with
        {
            Result = Content.Inline("He said \"hi\"\n\u001b<script>"),
            ResultType = ResultType.File,
            FilesCreated = [new TaskFile("out/my report.md", file)],
            Usage = new Usage(10, 20, 0.25m),
            Simulated = true,
        });
        var reply = (await _app.GetAsync("/api/v1/tasks/r:task/result")).Expect(HttpStatusCode.OK);
        Assert.Equal("He said \"hi\"\n\u001b<script>", reply.Get("result"));
        Assert.Equal("file", reply.Get("result_type"));
        Assert.Equal(20, reply.Json.GetProperty("usage").GetProperty("output_tokens").GetInt64());
        Assert.Equal(0.25m, reply.Json.GetProperty("cost").GetDecimal());
        Assert.True(reply.Json.GetProperty("simulated").GetBoolean());
        var told = Assert.Single(reply.Json.GetProperty("files_created").EnumerateArray());
        Assert.Equal("http://localhost/api/v1/tasks/r:task/artifacts/out/my%20report.md", told.GetProperty("url").GetString());
        Assert.Equal(8, told.GetProperty("length").GetInt64());
        Assert.Equal("# Report", (await _app.GetAsync(told.GetProperty("url").GetString()!)).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Result_Json_IsJson()
    {
        await SeedAsync(WorkStatus.Completed, task => task with { Result = Content.Inline("""{"score": 7}"""), ResultType = ResultType.Json });
        var reply = await _app.GetAsync("/api/v1/tasks/r:task/result");
        Assert.Equal(7, reply.Json.GetProperty("result").GetProperty("score").GetInt32());
    }

    [Fact]
    public async Task Result_Failed_HasTheErrorAndNoResult()
    {
        await SeedAsync(WorkStatus.Failed, task => task with { Error = new Failure(FailureKinds.BadRequest, "No.") });
        var reply = (await _app.GetAsync("/api/v1/tasks/r:task/result")).Expect(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, reply.Json.GetProperty("result").ValueKind);
        Assert.Equal("bad_request", reply.Json.GetProperty("error").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16383)]
    [InlineData(16384)]
    [InlineData(16385)]
    [InlineData(3_000_001)]
    public async Task Result_Large_ArrivesWhole(int length)
    {
        // Characters of one to four bytes, so that pieces break within some.
        var text = new StringBuilder();
        for (var i = 0; text.Length < length; i++)
            text.Append((i % 5) switch { 0 => "a", 1 => "é", 2 => "€", 3 => "😀", _ => "\u0001" });
        var artifact = await _app.Stores.Artifacts.PutTextAsync(text.ToString(), "text/plain", default);
        await SeedAsync(WorkStatus.Completed, task => task with { Result = new Content { Artifact = artifact }, ResultType = ResultType.Summary });
        Assert.Equal(text.ToString(), (await _app.GetAsync("/api/v1/tasks/r:task/result")).Expect(HttpStatusCode.OK).Get("result"));
    }

    [Fact]
    public async Task Result_ArtifactGone_Is500WithoutASecret()
    {
        await SeedAsync(WorkStatus.Completed, task => task with { Result = new Content { Artifact = new ArtifactRef(new string('0', 64), 9, "text/plain") } });
        (await _app.GetAsync("/api/v1/tasks/r:task/result")).ExpectProblem(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..%2Fsecret")]
    [InlineData("%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("out/../out/a.md")]
    [InlineData("out%5Ca.md")]
    [InlineData("OUT/a.md")]
    public async Task File_PathThatIsNoFileOfTheTask_Is404(string path)
    {
        var file = await _app.Stores.Artifacts.PutTextAsync("x", "text/plain", default);
        await SeedAsync(WorkStatus.Completed, task => task with { FilesCreated = [new TaskFile("out/b.md", file)] });
        (await _app.GetAsync($"/api/v1/tasks/r:task/artifacts/{path}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task File_HostileNameAndType_IsAHarmlessAttachment()
    {
        const string path = "x/\"evil\r\nSet-Cookie: a=b\".html";
        var file = await _app.Stores.Artifacts.PutTextAsync("<script>", "text/html", default);
        await SeedAsync(WorkStatus.Completed, task => task with { FilesCreated = [new TaskFile(path, file with { MediaType = "text/html\r\nX-Evil: 1" })] });
        var url = (await _app.GetAsync("/api/v1/tasks/r:task/result")).Json.GetProperty("files_created")[0].GetProperty("url").GetString()!;
        var reply = (await _app.GetAsync(url)).Expect(HttpStatusCode.OK);
        Assert.StartsWith("attachment;", reply.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("application/octet-stream", reply.ContentHeaders.ContentType!.ToString());
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Contains("sandbox", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.False(reply.Headers.Contains("Set-Cookie") || reply.Headers.Contains("X-Evil"));
    }

    [Theory]
    [InlineData("""{"result":"Here."}""", "Here.", "Summary")]
    [InlineData("""{"result":{"a":1}}""", """{"a":1}""", "Json")]
    [InlineData("""{"result":"[1]","result_type":"json"}""", "[1]", "Json")]
    public async Task Supply_Waiting_IsTakenIn(string body, string text, string type)
    {
        _app.Engine.Add("r:task", OrchestrationRuntimeStatus.Running);
        await SeedAsync(WorkStatus.Waiting, task => task with { RequiresImplementation = true });
        var reply = (await _app.PostAsync("/api/v1/tasks/r:task/result", body)).Expect(HttpStatusCode.Accepted);
        Assert.Equal("http://localhost/api/v1/tasks/r:task/status", reply.Header("Location"));
        Assert.Contains(_app.Engine.Calls, call => call is { Call: "raise", InstanceId: "r:task" });
        var kept = JsonElement.Parse((await _app.Stores.Runs.GetTurnAsync("r:task", "answer", default))!);
        Assert.Equal(text, kept.GetProperty("text").GetProperty("text").GetString());
        Assert.Equal(type == "Json", kept.GetProperty("is_json").GetBoolean());
    }

    [Fact]
    public async Task Status_Waiting_TellsWhatIsAsked_AndThatTakesTheAnswer()
    {
        _app.Engine.Add("r:task", OrchestrationRuntimeStatus.Running);
        await SeedAsync(WorkStatus.Waiting, task => task with { RequiresImplementation = true });

        var question = Assert.Single((await _app.GetAsync("/api/v1/tasks/r:task/status")).Json.GetProperty("questions").EnumerateArray());
        Assert.Equal(("r:task.result", "result"), (question.GetProperty("id").GetString(), question.GetProperty("question").GetProperty("kind").GetString()));
        (await _app.PostAsync("/api/v1/tasks/r:task/answer", """{"question":"r:other.result","answer":"x"}""")).ExpectProblem(HttpStatusCode.NotFound);
        Assert.Equal("answered", (await _app.PostAsync("/api/v1/tasks/r:task/answer", """{"question":"r:task.result","answer":"x"}""")).Expect(HttpStatusCode.OK).Get("status"));

        Assert.False((await _app.GetAsync("/api/v1/tasks/r:task/status")).Json.TryGetProperty("questions", out _));
    }

    [Fact]
    public async Task Supply_NotWaiting_Is409()
    {
        await SeedAsync(WorkStatus.Running);
        (await _app.PostAsync("/api/v1/tasks/r:task/result", """{"result":"x"}""")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Supply_Unknown_Is404() =>
        (await _app.PostAsync("/api/v1/tasks/none/result", """{"result":"x"}""")).ExpectProblem(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("""{}""", "/result")]
    [InlineData("""{"result":"{","result_type":"json"}""", "/result")]
    [InlineData("""{"result":"x","result_type":"novel"}""", "/result_type")]
    public async Task Supply_Invalid_Is422(string body, string place)
    {
        await SeedAsync(WorkStatus.Waiting, task => task with { RequiresImplementation = true });
        (await _app.PostAsync("/api/v1/tasks/r:task/result", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, place);
    }

    private async Task AdvanceUntilAsync(Task answer, TimeSpan step)
    {
        while (!answer.IsCompleted)
        {
            _app.Time.Advance(step);
            await Task.Yield();
        }
    }

    private async Task SeedAsync(WorkStatus status, Func<TaskRecord, TaskRecord>? change = null)
    {
        var task = _app.Task("r", "task", status, change);
        await _app.RunAsync("r", WorkStatus.Running, null, task);
        if (!task.RequiresImplementation)
            return;
        var gate = new GateRecord
        {
            Id = "r:task.result",
            RunId = "r",
            Key = "task.result",
            Kind = GateKind.Question,
            Title = task.Title,
            Status = GateStatus.Pending,
            CreatedAt = task.CreatedAt,
            TaskKey = "task",
            Question = new Question { Kind = QuestionKind.Result },
        };
        await _app.Stores.Gates.CreateIfAbsentAsync(gate, [], default);
    }
}
