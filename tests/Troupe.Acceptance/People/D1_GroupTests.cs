namespace Troupe.Acceptance.People;

/// <summary>D1 with people who have keys, roles and groups, across kills of the server.</summary>
[Trait("Host", "Embedded")]
public sealed class D1_GroupTests : IAsyncLifetime
{
    private Crew _crew = null!;

    public async Task InitializeAsync() => _crew = await Crew.StartAsync();

    public async Task DisposeAsync() => await _crew.DisposeAsync();

    [EmbeddedFact]
    public async Task D1_TwoDecidersAtOneInstant_OneCountsAndTheOtherHearsWhoWasFirst()
    {
        for (var round = 0; round < 5; round++)
        {
            var (run, gate) = await AskAsync(new { title = "Go on?", approvers = new[] { "group:leads" } });

            var answers = await Task.WhenAll(_crew.Ann.DecideAsync(gate, "approve"), _crew.Bob.DecideAsync(gate, "reject"));

            var first = Array.FindIndex(answers, static answer => answer.Status == HttpStatusCode.OK);
            var (winner, verb) = first == 0 ? ("ann", "approved") : ("bob", "rejected");
            Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
            var refusal = answers[1 - first].ExpectProblem(HttpStatusCode.Conflict);
            Assert.Equal((winner, $"The approval is closed: {winner} {verb} it."), (refusal.Text("closed_by"), refusal.Text("detail")));
            Assert.Equal(first == 0 ? "completed" : "failed", (await _crew.Ann.FinishAsync(run)).Status());
            Assert.Single(await _crew.Ann.EventsAsync(run), static one => one.Type == "approval.decided");
        }
    }

    [EmbeddedFact]
    public async Task D1_QuorumOfAGroup_CountsEachMemberOnceAcrossAKill()
    {
        var (run, gate) = await AskAsync(new { title = "Go on?", approvers = new[] { "group:leads" }, quorum = 2 });
        (await _crew.Mal.DecideAsync(gate, "approve")).ExpectProblem(HttpStatusCode.Forbidden);
        Assert.Empty((await _crew.Mal.GetAsync("approvals?mine=true")).Expect(HttpStatusCode.OK).Json.Items());
        var edits = new { prompts = new { t = "edited by ann" } };
        var first = (await _crew.Ann.PostAsync($"approvals/{gate}", new { decision = "approve", comment = "mine", edits })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("pending", 1), (first.Status(), first.GetProperty("quorum").GetProperty("approved").GetInt32()));
        (await _crew.Ann.DecideAsync(gate, "approve")).Expect(HttpStatusCode.OK);
        (await _crew.Ann.DecideAsync(gate, "reject")).ExpectProblem(HttpStatusCode.Conflict);

        await _crew.KillAndStartAsync();

        Assert.Equal("pending", (await _crew.Ann.GetAsync($"approvals/{gate}")).Json.Status());
        (await _crew.Bob.PostAsync($"approvals/{gate}", new { decision = "approve", edits = new { prompts = new { t = "edited by bob" } } })).ExpectProblem(HttpStatusCode.Conflict);
        (await _crew.Bob.DecideAsync(gate, "approve")).Expect(HttpStatusCode.OK);
        await _crew.Ann.CompleteAsync(run);
        Assert.Equal("edited by ann", await _crew.Ann.ResultTextAsync(run, "t"));
        var closed = (await _crew.Eve.GetAsync($"approvals/{gate}")).Json;
        Assert.Equal(["ann", "bob"], closed.Items("decisions").Select(static made => made.Text("user")));
        var change = Assert.Single(closed.GetProperty("edits").Items("changes"));
        Assert.Equal(("x", "edited by ann"), (change.GetProperty("before").Text("text"), change.GetProperty("after").Text("text")));
    }

    [EmbeddedFact]
    public async Task D1_Escalation_WhileTheServerIsDown_GoesToTheOtherGroupWithANewDeadline()
    {
        var (run, gate) = await AskAsync(new { title = "Go on?", approvers = new[] { "group:leads" }, timeout = "2s", on_timeout = "escalate", escalate_to = new[] { "group:heads" }, escalate_timeout = "10m" });
        var before = (await _crew.Ann.GetAsync($"approvals/{gate}")).Json;
        (await _crew.Eve.DecideAsync(gate, "approve")).ExpectProblem(HttpStatusCode.Forbidden);

        await _crew.KillAndStartAsync();

        var after = await _crew.Ann.UntilAsync($"approvals/{gate}", static approval => approval.GetProperty("escalated").GetBoolean());
        Assert.True(after.Time("expires_at") > before.Time("expires_at").AddMinutes(9));
        Assert.Equal(["group:leads", "group:heads"], after.GetProperty("approvers").EnumerateArray().Select(static one => one.GetString()));
        Assert.Equal(gate, Assert.Single((await _crew.Eve.GetAsync("approvals?mine=true")).Json.Items()).Text("id"));
        var told = await Eventually.ValueAsync(async () => (await _crew.Eve.GetAsync("notifications")).Json.Items() is [var only] ? only : null);
        Assert.Equal(("approval_requested", "An approval is overdue: Go on?"), (told.Text("type"), told.Text("title")));
        (await _crew.Mal.DecideAsync(gate, "approve")).ExpectProblem(HttpStatusCode.Forbidden);
        (await _crew.Eve.DecideAsync(gate, "approve")).Expect(HttpStatusCode.OK);
        await _crew.Ann.CompleteAsync(run);
    }

    [EmbeddedFact]
    public async Task D1_Decision_KilledRightAfterIt_StandsAndIsTakenInOnce()
    {
        var (run, gate) = await AskAsync(new { title = "Go on?" });
        (await _crew.Bob.DecideAsync(gate, "approve")).Expect(HttpStatusCode.OK);
        await _crew.KillAndStartAsync();
        await _crew.Ann.CompleteAsync(run);
        Assert.Single(await _crew.Ann.EventsAsync(run), static one => one.Type == "approval.decided");
        Assert.Single(await _crew.Ann.EventsAsync(run), static one => one.Type == "task.started");
    }

    [EmbeddedFact]
    public async Task D1_Links_CarryOneDecisionOfOneUserOnOneGate_AcrossAKill()
    {
        var (run, gate) = await AskAsync(new { title = "Go on?", approvers = new[] { "group:leads" } });
        var (otherRun, otherGate) = await AskAsync(new { title = "And this?" });
        (await _crew.Mal.PostAsync($"approvals/{gate}/links")).ExpectProblem(HttpStatusCode.Forbidden);
        var brief = (await _crew.Bob.PostAsync($"approvals/{gate}/links", new { expires = "1s" })).Expect(HttpStatusCode.Created).Json.Text("approve_url");
        var links = (await _crew.Bob.PostAsync($"approvals/{gate}/links", new { expires = "10m" })).Expect(HttpStatusCode.Created).Json;
        var (approve, reject) = (new Uri(links.Text("approve_url")).PathAndQuery, new Uri(links.Text("reject_url")).PathAndQuery);

        await _crew.KillAndStartAsync();

        await Eventually.SomeAsync(async () => (await _crew.Nobody.GetAsync(new Uri(brief).PathAndQuery)).Status == HttpStatusCode.NotFound ? "" : null);
        (await PressAsync(new Uri(brief).PathAndQuery)).Expect(HttpStatusCode.NotFound);
        (await _crew.Nobody.GetAsync(approve)).Expect(HttpStatusCode.OK);
        Assert.Equal("pending", (await _crew.Ann.GetAsync($"approvals/{gate}")).Json.Status());
        (await PressAsync(approve)).Expect(HttpStatusCode.OK);
        await _crew.Ann.CompleteAsync(run);
        var decision = Assert.Single((await _crew.Ann.GetAsync($"approvals/{gate}")).Json.Items("decisions"));
        Assert.Equal(("bob", "approve", "link"), (decision.Text("user"), decision.Text("decision"), decision.Text("via")));
        (await PressAsync(approve)).Expect(HttpStatusCode.Conflict);
        (await PressAsync(reject)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("pending", (await _crew.Ann.GetAsync($"approvals/{otherGate}")).Json.Status());
        (await _crew.Ann.PostAsync($"workflows/{otherRun}/cancel")).ExpectSuccess();
        Assert.DoesNotContain("token=", _crew.Log, StringComparison.Ordinal);
    }

    private Task<Answer> PressAsync(string link) => _crew.Nobody.SendAsync(HttpMethod.Post, link, new FormUrlEncodedContent([]));

    private async Task<(string Run, string Gate)> AskAsync(object approval)
    {
        var run = await _crew.Ann.LaunchTasksAsync(null, new { id = "t", agent = "echo", prompt = "x", gate = new { approval } });
        return (run, (await _crew.Ann.PendingApprovalAsync(run)).Text("id"));
    }
}
