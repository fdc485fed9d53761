namespace Troupe.Acceptance.Workflows;

public sealed class B1_DefinitionTests : AcceptanceTest
{
    [Fact]
    public async Task B1_Inputs_AreTypedAndHaveDefaults()
    {
        var definition = new
        {
            name = "inputs",
            inputs = new
            {
                text = new { type = "string", required = true },
                count = new { type = "integer", @default = 3 },
                flags = new { type = "array", @default = new[] { "x", "y" } },
            },
            phases = Phase(new { id = "t", agent = "echo", prompt = "{{inputs.text}} {{inputs.count}} {{#each inputs.flags}}[{{this}}]{{/each}}" }),
        };
        var run = await Api.LaunchAsync(definition, new { text = "<a> & \"b\"" });
        await Api.CompleteAsync(run);
        Assert.Equal("<a> & \"b\" 3 [x][y]", await Api.ResultTextAsync(run, "t"));
    }

    [Fact]
    public async Task B1_Prompts_SeeEarlierResultsAndTheRun()
    {
        var run = await Api.LaunchTasksAsync(
            null,
            new { id = "plan", agent = "json-maker", prompt = "x" },
            new { id = "use", agent = "echo", prompt = "{{tasks.plan.result.title}} in {{run.id}}", needs = new[] { "plan" } });
        await Api.CompleteAsync(run);
        Assert.Equal($"A report in {run}", await Api.ResultTextAsync(run, "use"));
    }

    [Fact]
    public async Task B1_ForEach_MakesATaskOfEachItemOfAnEarlierResult()
    {
        var run = await Api.LaunchTasksAsync(
            null,
            new { id = "list", agent = "list-maker", prompt = "x" },
            new { id = "each", agent = "echo", prompt = "{{index}}: {{item}}", for_each = "tasks.list.result", needs = new[] { "list" } },
            new { id = "sum", agent = "echo", prompt = "{{#each tasks.each.result}}<{{this}}>{{/each}}", needs = new[] { "each" } });
        await Api.CompleteAsync(run);

        var items = (await Api.TasksAsync(run)).Where(task => task.Text("key").StartsWith("each.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["each.0", "each.1", "each.2", "each.3", "each.4"], items.Select(task => task.Text("key")));
        Assert.Equal("<0: alpha><1: beta><2: gamma><3: delta><4: epsilon>", await Api.ResultTextAsync(run, "sum"));
    }

    [Fact]
    public async Task B1_ForEach_OverAnEmptyListGoesOn()
    {
        var definition = new
        {
            name = "empty",
            inputs = new { files = new { type = "array", @default = Array.Empty<string>() } },
            phases = Phase(
                new { id = "each", agent = "echo", prompt = "{{item}}", for_each = "inputs.files" },
                new { id = "after", agent = "echo", prompt = "went on", needs = new[] { "each" } }),
        };
        var run = await Api.LaunchAsync(definition);
        await Api.CompleteAsync(run);
        Assert.Equal("went on", await Api.ResultTextAsync(run, "after"));
    }

    [Theory]
    [InlineData("yes", "completed")]
    [InlineData("", "skipped")]
    [InlineData("false", "skipped")]
    public async Task B1_When_DecidesWhetherATaskRuns(string value, string expected)
    {
        var definition = new
        {
            name = "when",
            inputs = new { go = new { type = "string", @default = "" } },
            phases = Phase(
                new { id = "maybe", agent = "instant", prompt = "x", when = "{{inputs.go}}" },
                new { id = "after", agent = "instant", prompt = "x", needs = new[] { "maybe" } }),
        };
        var run = await Api.LaunchAsync(definition, new { go = value });
        await Api.CompleteAsync(run);
        Assert.Equal(expected, (await Api.TaskAsync(run, "maybe")).Status());
        Assert.Equal("completed", (await Api.TaskAsync(run, "after")).Status());
    }

    [Fact]
    public async Task B1_PutDefinition_CanBeReadRunAndDeleted()
    {
        var name = Unique("put");
        var yaml = $"name: {name}\ndescription: Put by API.\nphases:\n  - id: p\n    tasks:\n      - id: t\n        agent: echo\n        prompt: version one\n";
        (await Api.PutAsync($"definitions/{name}", yaml, "application/yaml")).ExpectSuccess();
        Assert.Equal("Put by API.", (await Api.GetAsync($"definitions/{name}")).Expect(HttpStatusCode.OK).Json.Text("description"));

        var run = await Api.LaunchAsync(name);
        await Api.CompleteAsync(run);
        Assert.Equal("version one", await Api.ResultTextAsync(run, "t"));

        (await Api.DeleteAsync($"definitions/{name}")).ExpectSuccess();
        (await Api.GetAsync($"definitions/{name}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    private static object[] Phase(params object[] tasks) => [new { id = "p", tasks }];
}
