namespace Troupe.Acceptance.Workflows;

/// <summary>Every problem of a definition, all at once, each with its place (B1, B6).</summary>
public sealed class B1_ValidationTests : AcceptanceTest
{
    [Fact]
    public async Task B1_Validate_SaysThatAGoodDefinitionIsValid()
    {
        var report = await ValidateAsync("""{"name": "ok", "phases": [{"id": "p", "tasks": [{"id": "t", "agent": "echo", "prompt": "x"}]}]}""");
        Assert.True(report.GetProperty("valid").GetBoolean());
        Assert.Empty(report.Items("problems"));
    }

    [Fact]
    public async Task B1_Cycle_OfPhasesIsNamed()
    {
        var report = await ValidateAsync(
            """
            {"name": "cycle", "phases": [
              {"id": "a", "after": ["b"], "tasks": [{"id": "t", "agent": "echo", "prompt": "x"}]},
              {"id": "b", "after": ["a"], "tasks": [{"id": "u", "agent": "echo", "prompt": "x"}]}]}
            """);
        var problem = Assert.Single(report.Items("problems"));
        Assert.StartsWith("/phases/", problem.Text("pointer"), StringComparison.Ordinal);
        Assert.Contains("a", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("b", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B6_EveryProblem_IsListedWithItsPlace()
    {
        var report = await ValidateAsync(
            """
            {"name": "bad", "phases": [
              {"id": "a", "after": ["nowhere"], "tasks": [
                {"id": "t", "agent": "no-such-agent", "prompt": "x"},
                {"id": "u", "agent": "echo", "prompt": "{{inputs.missing}}"},
                {"id": "v", "agent": "echo", "prompt": "x", "needs": ["nobody"]}]}]}
            """);
        Assert.False(report.GetProperty("valid").GetBoolean());
        var pointers = report.Items("problems").Select(problem => problem.Text("pointer")).ToList();
        Assert.Contains("/phases/0/after/0", pointers);
        Assert.Contains("/phases/0/tasks/0/agent", pointers);
        Assert.Contains("/phases/0/tasks/1/prompt", pointers);
        Assert.Contains("/phases/0/tasks/2/needs/0", pointers);
        Assert.Equal(4, pointers.Count);
    }

    [Theory]
    [InlineData("""{"phases": []}""", "")]
    [InlineData("""{"name": "x", "phases": [], "fazes": 1}""", "/fazes")]
    [InlineData("""{"name": "x", "phases": [{"id": "p", "tasks": [{"id": "t", "agent": "echo", "prompt": "x"}, {"id": "t", "agent": "echo", "prompt": "x"}]}]}""", "/phases/0/tasks/1/id")]
    [InlineData("""{"name": "x", "phases": [{"id": "p", "tasks": [{"id": "t", "agent": "echo", "prompt": "{{"}]}]}""", "/phases/0/tasks/0/prompt")]
    [InlineData("""{"name": "Not A Name", "phases": [{"id": "p", "tasks": [{"id": "t", "agent": "echo", "prompt": "x"}]}]}""", "/name")]
    public async Task B1_Problem_HasItsPlace(string definition, string pointer)
    {
        var report = await ValidateAsync(definition);
        Assert.False(report.GetProperty("valid").GetBoolean());
        Assert.Contains(report.Items("problems"), problem => (problem.Has("pointer") ? problem.Text("pointer") : "") == pointer);
    }

    [Fact]
    public async Task B6_Launch_RefusesWhatCannotBeMetAndStartsNothing()
    {
        var name = Unique("refused");
        var workflow = new
        {
            name,
            inputs = new { needed = new { type = "string", required = true }, number = new { type = "integer" } },
            phases = new[]
            {
                new { id = "p", tasks = new object[] { new { id = "a", agent = "nobody", prompt = "x" }, new { id = "b", agent = "echo", prompt = "x", needs = new[] { "zzz" } } } },
            },
        };
        var problem = (await Api.PostAsync("workflows", new { workflow, inputs = new { number = "ten" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity);
        var pointers = problem.Items("errors").Select(error => error.Text("pointer")).ToList();
        Assert.Contains("/workflow/phases/0/tasks/0/agent", pointers);
        Assert.Contains("/workflow/phases/0/tasks/1/needs/0", pointers);
        Assert.Empty((await Api.GetAsync($"workflows?name={name}")).Expect(HttpStatusCode.OK).Json.Items());
    }

    [Fact]
    public async Task B6_Inputs_AreAllCheckedAtLaunch()
    {
        var workflow = new
        {
            name = "checked",
            inputs = new { needed = new { type = "string", required = true }, number = new { type = "integer" } },
            phases = new[] { new { id = "p", tasks = new[] { new { id = "a", agent = "echo", prompt = "x" } } } },
        };
        (await Api.PostAsync("workflows", new { workflow, inputs = new { number = "ten", other = 1 } }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "/inputs/needed", "/inputs/number", "/inputs/other");
    }

    private async Task<JsonElement> ValidateAsync(string definition) =>
        (await Api.PostAsync("workflows/validate", $$"""{"workflow": {{definition}}}""")).Expect(HttpStatusCode.OK).Json;

}
