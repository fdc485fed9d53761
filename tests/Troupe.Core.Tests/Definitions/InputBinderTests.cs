using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Core.Tests.Definitions;

public sealed class InputBinderTests
{
    private static readonly WorkflowDefinition Workflow = DefinitionReaderTests.ReadValid("""
        name: demo
        inputs:
          topic: {type: string, required: true, description: "What to look at."}
          kind: {type: string, enum: [a, b], default: a}
          count: {type: integer}
          share: {type: number}
          flag: {type: boolean}
          list: {type: array}
          map: {type: object}
          pace: {type: duration}
          must: {type: object, required: true}
        phases: [{id: p, tasks: [{id: t, agent: w, prompt: p}]}]
        """);

    [Fact]
    public void Bind_GivenAndDefaults_MakeACompleteObject()
    {
        var result = InputBinder.Bind(Workflow, JsonElement.Parse("""{"must":{},"topic":"tea","count":3,"flag":null,"pace":"2 weeks","share":0.5,"list":[1],"map":{"a":1}}"""));
        Assert.Empty(result.Problems);
        Assert.Equal(
            """{"topic":"tea","kind":"a","count":3,"share":0.5,"flag":null,"list":[1],"map":{"a":1},"pace":"2 weeks","must":{}}""",
            result.Inputs.GetRawText());
    }

    [Theory]
    [InlineData("""{"must":{}}""", "/inputs/topic", "The input \"topic\" is missing: text, What to look at.")]
    [InlineData("""{"topic":"t","must":null}""", "/inputs/must", "The input \"must\" is missing; it must be an object.")]
    [InlineData("""{"topic":1,"must":{}}""", "/inputs/topic", "must be text; found 1.")]
    [InlineData("""{"topic":"t","must":[]}""", "/inputs/must", "must be an object; found a list.")]
    [InlineData("""{"topic":"t","must":{},"kind":"c"}""", "/inputs/kind", "must be one of \"a\", \"b\"; found \"c\".")]
    [InlineData("""{"topic":"t","must":{},"count":1.5}""", "/inputs/count", "must be a whole number; found 1.5.")]
    [InlineData("""{"topic":"t","must":{},"share":"1"}""", "/inputs/share", "must be a number; found \"1\".")]
    [InlineData("""{"topic":"t","must":{},"flag":"yes"}""", "/inputs/flag", "must be true or false; found \"yes\".")]
    [InlineData("""{"topic":"t","must":{},"list":{"a":1}}""", "/inputs/list", "must be a list; found an object.")]
    [InlineData("""{"topic":"t","must":{},"pace":"soon"}""", "/inputs/pace", "must be a duration such as 2h, 1d or 2 weeks; found \"soon\".")]
    [InlineData("""{"topic":"t","must":{},"pace":true}""", "/inputs/pace", "found true.")]
    [InlineData("""{"topic":"t","must":{},"topik":"t"}""", "/inputs/topik", "has no input \"topik\". Did you mean \"topic\"? Inputs: topic, kind,")]
    [InlineData("""{"topic":"t","must":{},"a/b":1}""", "/inputs/a~1b", "has no input \"a/b\".")]
    [InlineData("""[]""", "/inputs", "Inputs must be a JSON object.")]
    public void Bind_Mistake_NamesThePlace(string given, string pointer, string message)
    {
        var problem = Assert.Single(InputBinder.Bind(Workflow, JsonElement.Parse(given)).Problems);
        Assert.Equal(pointer, problem.Pointer);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_NothingGiven_ReportsEveryMissingInput()
    {
        Assert.Equal(["/inputs/topic", "/inputs/must"], InputBinder.Bind(Workflow, given: null).Problems.Select(problem => problem.Pointer));
        Assert.Equal(2, InputBinder.Bind(Workflow, JsonElement.Parse("null")).Problems.Count);
    }

    [Fact]
    public void Bind_LongWrongValue_IsShortenedInTheMessage()
    {
        var given = JsonElement.Parse($$"""{"topic":"t","must":{},"count":"{{new string('x', 5000)}}"}""");
        Assert.True(InputBinder.Bind(Workflow, given).Problems[0].Message.Length < 200);
    }

    [Theory]
    [InlineData("inputs.a", """{"a":"2h"}""", 7200d)]
    [InlineData("inputs.a * 3", """{"a":10}""", 30d)]
    [InlineData("inputs.a / 4", """{"a":"2 h"}""", 1800d)]
    [InlineData("inputs.a or inputs.b", """{"a":null,"b":5}""", 5d)]
    [InlineData("inputs.a or inputs.b * 2", """{"b":5}""", 10d)]
    [InlineData("inputs.a", """{"a":"never"}""", null)]
    [InlineData("inputs.a", "{}", null)]
    [InlineData("inputs.a * 9999", """{"a":"3650d"}""", null)]
    public void DelayExpression_Evaluate_TakesTheFirstGivenInput(string text, string inputs, double? seconds)
    {
        Assert.True(DelayExpression.TryParse(text, out var expression, out _));
        Assert.Equal(seconds is not null, expression.TryEvaluate(JsonElement.Parse(inputs), out var delay));
        Assert.Equal(seconds ?? 0, delay.TotalSeconds, 6);
    }
}
