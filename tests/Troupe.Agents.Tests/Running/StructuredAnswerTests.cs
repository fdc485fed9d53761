using System.Text.Json;
using Troupe.Agents.Running;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Running;

public sealed class StructuredAnswerTests
{
    private const string Schema = """
        {"type":"object","required":["title","items"],"additionalProperties":false,
         "properties":{"title":{"type":"string","maxLength":5},"score":{"type":"integer","minimum":1,"maximum":5},"kind":{"enum":["a","b"]},"one":{"const":1},
                       "items":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/item"}},"any":{"anyOf":[{"type":"string"},{"type":"null"}]},"all":{"allOf":[{"minimum":3},{"maximum":4}]}},
         "$defs":{"item":{"type":["object","null"],"properties":{"child":{"$ref":"#/$defs/item"}},"additionalProperties":{"type":"boolean"}}}}
        """;

    [Theory]
    [InlineData("""{"title":"T","items":[{}]}""")]
    [InlineData("""{"title":"T","score":5,"kind":"b","one":1,"items":[null,{"child":{"child":null,"x":true}}],"any":null,"all":3}""")]
    public void Read_WhatMeetsTheSchema_IsKept(string json) => Assert.Equal((json, null), Read(json));

    [Theory]
    [InlineData("```json\n{\"title\":\"T\",\"items\":[{}]}\n```")]
    [InlineData("\n```\n{\"title\":\"T\",\"items\":[{}]}```  ")]
    public void Read_CodeFence_IsTakenOff(string text) => Assert.Equal(("""{"title":"T","items":[{}]}""", null), Read(text));

    [Theory]
    [InlineData("Sure! Here it is", "is not the JSON")]
    [InlineData("```", "is not the JSON")]
    [InlineData("[]", "the answer must be object, but is array")]
    [InlineData("""{"title":"T"}""", "the answer lacks 'items'")]
    [InlineData("""{"title":1,"items":[{}]}""", "/title must be string")]
    [InlineData("""{"title":"Too long","items":[{}]}""", "/title is above its maxLength of 5")]
    [InlineData("""{"title":"T","items":[]}""", "/items is below its minItems of 1")]
    [InlineData("""{"title":"T","items":[{}],"score":1.5}""", "/score must be integer")]
    [InlineData("""{"title":"T","items":[{}],"score":9}""", "/score is above its maximum of 5")]
    [InlineData("""{"title":"T","items":[{}],"kind":"c"}""", "/kind must be one of")]
    [InlineData("""{"title":"T","items":[{}],"one":2}""", "/one must be 1")]
    [InlineData("""{"title":"T","items":[{"child":{"x":1}}]}""", "/items/0/child/x must be boolean")]
    [InlineData("""{"title":"T","items":[{}],"any":1}""", "/any meets none of its anyOf")]
    [InlineData("""{"title":"T","items":[{}],"all":5}""", "/all is above its maximum of 4")]
    [InlineData("""{"title":"T","items":[{}],"more":1}""", "/more must not be there")]
    public void Read_WhatDoesNot_IsARetryableFailureWithItsPlace(string text, string says)
    {
        var (_, failure) = Read(text);

        Assert.Equal((FailureKinds.InvalidOutput, true), (failure!.Kind, failure.Retryable));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunTurn_AgentWithSchema_IsChecked()
    {
        using var host = AgentsHost.Create();
        var agent = Agent.With("provider: simulated\noutput_schema: {type: object}\nsimulate: {output: '{{prompt}}'}");

        var good = await host.RunAsync(agent, "```json\n{}\n```");
        var bad = await host.RunAsync(agent, "no");

        Assert.Equal((TurnOutcome.Answer, "{}"), (good.Outcome, good.Text));
        Assert.Equal((TurnOutcome.Failed, FailureKinds.InvalidOutput, "no"), (bad.Outcome, bad.Failure!.Kind, bad.Text));
    }

    [Fact]
    public void Read_SchemaThatMultipliesItself_EndsWithAFailure()
    {
        using var schema = JsonDocument.Parse("""{"allOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]}""");

        var (_, failure) = StructuredAnswer.Read("[[[1]]]", schema.RootElement);

        Assert.Equal(FailureKinds.InvalidOutput, failure!.Kind);
    }

    private static (string Text, Failure? Failure) Read(string text) => StructuredAnswer.Read(text, JsonDocument.Parse(Schema).RootElement);
}
