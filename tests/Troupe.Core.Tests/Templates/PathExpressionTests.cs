using System.Text.Json;
using Troupe.Core.Templates;

namespace Troupe.Core.Tests.Templates;

public sealed class PathExpressionTests
{
    private static readonly IReadOnlyDictionary<string, object?> Context = TemplateContext.Create(
        JsonElement.Parse("""{"files":["a",{"b":1}],"topic":"tea","none":null,"matrix":[[1,2],[3]],"long":"%LONG%"}""".Replace("%LONG%", new string('x', 100), StringComparison.Ordinal)),
        new RunValues("r", "w", "u", DateTimeOffset.UnixEpoch),
        new Dictionary<string, TaskValues>
        {
            ["plan"] = new("completed", "Sure!"),
            ["steps"] = new("completed", "```json\n{\"steps\": [\"x\", 2, null]}\n```"),
            ["each"] = new("completed", Results: ["text \"quoted\"", "[1]", null]),
        });

    [Theory]
    [InlineData("inputs.files", """["a",{"b":1}]""")]
    [InlineData(" inputs.matrix[0] ", "[1,2]")]
    [InlineData("inputs.matrix.1", "[3]")]
    [InlineData("inputs.none", "[]")]
    [InlineData("tasks.steps.result.steps", """["x",2,null]""")]
    [InlineData("tasks.each.results", """["text \"quoted\"",[1],null]""")]
    [InlineData("tasks.each.result", """["text \"quoted\"",[1],null]""")]
    public void Evaluate_List_GivesItsItemsAsJson(string text, string expected)
    {
        Assert.True(PathExpression.TryParse(text, out var path, out _));
        Assert.Equal(expected, $"[{string.Join(',', path.Evaluate(Context).Select(item => item.GetRawText()))}]");
    }

    [Theory]
    [InlineData("inputs.topic", "inputs.topic must be a list; found the text \"tea\".")]
    [InlineData("inputs.long", "found text that is not JSON, \"xxxxx")]
    [InlineData("inputs", "inputs must be a list; found an object with files, topic, none, matrix, long.")]
    [InlineData("inputs.files[1].b", "must be a list; found the number 1.")]
    [InlineData("inputs.file", "inputs has no \"file\". Did you mean \"files\"? Found: an object with files")]
    [InlineData("tasks.plan.result.steps", "tasks.plan.result is the text \"Sure!\", which has no \"steps\"")]
    [InlineData("inputs.files[7]", "inputs.files is a list of 2, which has no \"7\"")]
    [InlineData("inputs.none.more", "inputs.none is nothing")]
    [InlineData("nobody.list", "the context has no \"nobody\"")]
    public void Evaluate_Other_SaysWhatWasFound(string text, string expected)
    {
        Assert.True(PathExpression.TryParse(text, out var path, out _));
        var thrown = Assert.Throws<TemplateException>(() => path.Evaluate(Context));
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{{inputs.files}}")]
    [InlineData("inputs.files | first")]
    [InlineData("../inputs")]
    [InlineData("@root.inputs")]
    [InlineData("inputs.")]
    [InlineData("this")]
    public void TryParse_NoPath_SaysWhatOneIs(string text)
    {
        Assert.False(PathExpression.TryParse(text, out _, out var error));
        Assert.Contains("without braces", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tasks.plan.result.steps", "plan")]
    [InlineData("inputs.tasks", null)]
    public void ReferencedTask_Path_NamesTheTask(string text, string? expected)
    {
        Assert.True(PathExpression.TryParse(text, out var path, out _));
        Assert.Equal(expected, path.ReferencedTask);
    }

    [Theory]
    [InlineData("[1", false)]
    [InlineData("text", false)]
    [InlineData("", false)]
    [InlineData("``````", false)]
    [InlineData("12", false)]
    [InlineData("```\n{\"a\":1}\n```", true)]
    [InlineData(" [] ", true)]
    public void JsonText_TryParse_TakesObjectsAndListsOnly(string text, bool expected) =>
        Assert.Equal(expected, JsonText.TryParse(text, out _));
}
