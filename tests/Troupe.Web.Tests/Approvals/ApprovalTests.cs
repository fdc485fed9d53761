using System.Net;
using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Approvals;

public sealed class ApprovalTests : IAsyncLifetime
{
    private const string Gate = "r:t.gate";
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var plan = Seed.PlanOf("generalist", "before", "t");
        var gate = new PlanNode { Key = "t.gate", Kind = PlanNodeKind.Gate, Phase = "tasks", Title = "OK?", Needs = ["before"], Gate = new GateDefinition { Type = GateType.Approval } };
        var held = plan.Nodes[1] with { Needs = ["t.gate"], Task = plan.Nodes[1].Task! with { Prompt = Content.Inline(new string('p', 3_000)) } };
        await _app.RunAsync(
            "r",
            WorkStatus.Waiting,
            plan with { Nodes = [plan.Nodes[0], gate, held] },
            _app.Task("r", "before", WorkStatus.Completed, static task => task with { Summary = "It is done.", Usage = new Usage(10, 5, 0.25m) }),
            _app.Task("r", "t", WorkStatus.Queued));
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Get_OpenGate_TellsTheDeciderEverything()
    {
        await OpenAsync(approvers: ["group:leads", "bo"], quorum: 2);
        var (_, key) = await _app.KeyAsync(Roles.Approver, "ada", groups: "leads");
        var body = (await _app.GetAsync($"/api/v1/approvals/{Gate}", TestKeys.Bearer(key))).Expect(HttpStatusCode.OK).Json;
        Assert.True(body.GetProperty("may_decide").GetBoolean());
        Assert.Equal((2, 0), (body.GetProperty("quorum").GetProperty("needed").GetInt32(), body.GetProperty("quorum").GetProperty("approved").GetInt32()));
        Assert.Equal("ann", body.GetProperty("asked_by").GetString());
        var context = body.GetProperty("context");
        Assert.Equal(0.25m, context.GetProperty("cost").GetDecimal());
        Assert.Equal("It is done.", Assert.Single(context.GetProperty("earlier").EnumerateArray()).GetProperty("summary").GetString());
        var next = Assert.Single(context.GetProperty("next").EnumerateArray());
        Assert.Equal((1_000, true), (next.GetProperty("prompt").GetString()!.Length, next.GetProperty("shortened").GetBoolean()));
        var whole = await _app.GetAsync(new Uri(next.GetProperty("prompt_url").GetString()!).AbsolutePath, TestKeys.Bearer(key));
        Assert.Equal(3_000, whole.Expect(HttpStatusCode.OK).Text.Length);
        (await _app.GetAsync($"/api/v1/approvals/{Gate}/prompts/before", TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.NotFound);
        (await _app.GetAsync("/api/v1/approvals/r:none", TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Decide_NotAmongTheApprovers_Is403AndNamesThem()
    {
        await OpenAsync(approvers: ["group:leads", "bo"]);
        var problem = (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"approve"}""")).ExpectProblem(HttpStatusCode.Forbidden);
        Assert.Contains("group:leads, bo", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(GateStatus.Pending, (await _app.Stores.Gates.GetAsync(Gate, default))!.Status);
    }

    [Fact]
    public async Task Decide_OtherwiseWhileOthersMustDecide_Is409()
    {
        await OpenAsync(quorum: 2);
        var first = (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"approve"}""")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("pending", "approve"), (first.GetProperty("status").GetString(), first.GetProperty("my_decision").GetString()));
        var problem = (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"reject"}""")).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal("urn:troupe:problem:decided", problem.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Decide_WithEdits_ShowsTheDifference()
    {
        await OpenAsync();
        (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"approve","edits":{"prompts":{"before":"x"}}}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/edits/prompts/before");
        (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"approve","edits":{"inputs":{"a":1}}}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/edits/inputs/a");
        (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"reject","edits":{"prompts":{"t":"x"}}}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/edits");
        (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"approve","edits":{"agents":{}}}""")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "/edits/agents");
        var body = (await _app.PostAsync($"/api/v1/approvals/{Gate}", """{"decision":"approve","edits":{"prompts":{"t":"Do less."}}}""")).Expect(HttpStatusCode.OK).Json;
        var change = Assert.Single(body.GetProperty("edits").GetProperty("changes").EnumerateArray());
        Assert.Equal(("prompt", "t", "Do less."), (change.GetProperty("kind").GetString(), change.GetProperty("name").GetString(), change.GetProperty("after").GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("mine=true", 1)]
    [InlineData("status=decided", 0)]
    [InlineData("status=pending&kind=approval", 1)]
    [InlineData("workflow_id=other", 0)]
    public async Task List_Filters_FindWhatMatches(string query, int expected)
    {
        await OpenAsync();
        var items = (await _app.GetAsync($"/api/v1/approvals?{query}")).Expect(HttpStatusCode.OK).Json.GetProperty("items");
        Assert.Equal(expected, items.GetArrayLength());
    }

    [Theory]
    [InlineData("kind=callback", "?kind")]
    [InlineData("status=pending,approved", "?status")]
    [InlineData("mine=perhaps", "?mine")]
    public async Task List_WrongFilter_IsNamed(string query, string place) =>
        (await _app.GetAsync($"/api/v1/approvals?{query}")).ExpectProblem(HttpStatusCode.BadRequest, place);

    private Task<GateRecord> OpenAsync(IReadOnlyList<string>? approvers = null, int quorum = 1) => _app.Stores.Gates.CreateIfAbsentAsync(
        new GateRecord
        {
            Id = Gate,
            RunId = "r",
            Key = "t.gate",
            Kind = GateKind.Approval,
            Title = "Go on?",
            Status = GateStatus.Pending,
            CreatedAt = _app.Time.GetUtcNow(),
            AskedBy = "ann",
            Approvers = approvers ?? [],
            Quorum = quorum,
        },
        [],
        default);
}
