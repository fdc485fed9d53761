using Troupe.Core.Templates;

namespace Troupe.Core.Tests.Templates;

public sealed class TemplateCheckTests
{
    private static readonly TemplateNames Known = new() { Inputs = ["topic", "files"], Tasks = ["plan", "code-review"], Item = false };

    [Theory]
    [InlineData("plain }} text { with } braces")]
    [InlineData("{{inputs.topic}} {{tasks.plan.result.anything.[3].else}} {{run.id}} {{inputs}}")]
    [InlineData("{{#each inputs.files}}{{anything}} {{this.inputs.topic}} {{@index}} {{../run.id}} {{@root.inputs.topic}}{{/each}}")]
    [InlineData("{{#each inputs.files}}{{else}}{{inputs.topic}}{{/each}} {{inputs.topic}}")]
    [InlineData("{{#if (or tasks.code-review.error (eq inputs.topic \"}}\"))}}{{else if inputs.files}}{{else}}{{/if}}")]
    [InlineData("\\{{not a tag")]
    public void Check_Correct_FindsNothing(string template) => Assert.Empty(Template.Check(template, Known));

    [Theory]
    [InlineData("a\n {{inputs.topik}}", 2, 4, "There is no input \"topik\" here. Did you mean \"topic\"? There is: files, topic.")]
    [InlineData("{{input.topic}}", 1, 3, "There is no name \"input\" here. Did you mean \"inputs\"?")]
    [InlineData("{{tasks.plam.result}}", 1, 3, "There is no task \"plam\" here. Did you mean \"plan\"?")]
    [InlineData("{{tasks.plan.output}}", 1, 3, "There is no value of tasks.plan \"output\" here.")]
    [InlineData("{{tasks.plan}}", 1, 3, "write tasks.plan.result")]
    [InlineData("{{tasks}}", 1, 3, "name a task")]
    [InlineData("{{run}}", 1, 3, "\"run\" alone has no value")]
    [InlineData("{{run.name}}", 1, 3, "There is no value of run \"name\" here.")]
    [InlineData("{{item.x}}", 1, 3, "\"item\" exists only in a task with for_each.")]
    [InlineData("{{this}}", 1, 3, "stands for everything")]
    [InlineData("{{#each inputs.files}}{{inputs.topic}}{{/each}}", 1, 25, "write @root.inputs.topic")]
    [InlineData("{{#with inputs.topic}}{{tasks.plan.result}}{{/with}}", 1, 25, "write @root.tasks.plan.result")]
    [InlineData("{{#each inputs.files}}{{run.id}}{{/each}}", 1, 25, "write @root.run.id")]
    public void Check_UnknownName_SaysWhereAndWhatIsMeant(string template, int line, int column, string message)
    {
        var problem = Assert.Single(Template.Check(template, Known));
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x {{inputs.topic", 1, 3, "never closed")]
    [InlineData("style={{color: 'red'}}", 1, 9, "meant as text, write \\{{.")]
    [InlineData("{{inputs.topic}", 1, 1, "must be closed by }}")]
    [InlineData("{{{inputs.topic}}", 1, 1, "must be closed by }}}")]
    [InlineData("{{!-- never", 1, 1, "comment is never closed")]
    [InlineData("{{}}", 1, 1, "A tag is empty")]
    [InlineData("{{> file}}", 1, 1, "no {{>…}}")]
    [InlineData("{{* decorator}}", 1, 1, "no {{*…}}")]
    [InlineData("{{#*inline \"x\"}}{{/inline}}", 1, 4, "is not a path")]
    [InlineData("{{#inputs}}{{/inputs}}", 1, 1, "There is no block {{#inputs}}")]
    [InlineData("{{{{raw}}}}", 1, 1, "never closed")]
    [InlineData("{{#if inputs.topic}}", 1, 1, "never closed; end it with {{/if}}")]
    [InlineData("{{#if inputs.topic}}{{/each}}", 1, 21, "cannot close {{#if}} of line 1, column 1")]
    [InlineData("{{/if}}", 1, 1, "closes nothing")]
    [InlineData("{{else}}", 1, 1, "outside any block")]
    [InlineData("{{#if inputs.topic}}{{else}}{{else}}{{/if}}", 1, 29, "two {{else}}")]
    [InlineData("{{#each inputs.files}}{{else if inputs.topic}}{{/each}}", 1, 23, "Only {{else if …}} inside {{#if}}")]
    [InlineData("{{#if inputs.topic}}{{else if}}{{/if}}", 1, 21, "Only {{else if …}}")]
    [InlineData("{{#if inputs.topic}}{{else if a b}}{{/if}}", 1, 21, "{{else if}} takes 1 value, not 2")]
    [InlineData("{{equals inputs.topic 1}}", 1, 3, "There is no helper \"equals\"")]
    [InlineData("{{eq inputs.topic}}", 1, 3, "\"eq\" takes 2 values, not 1")]
    [InlineData("{{length}}", 1, 3, "\"length\" takes 1 value, not 0")]
    [InlineData("{{join inputs.files 1 2}}", 1, 3, "\"join\" takes 1 or 2 values, not 3")]
    [InlineData("{{and inputs.files}}", 1, 3, "\"and\" takes at least 2 values, not 1")]
    [InlineData("{{#if (eq inputs.topic 1}}{{/if}}", 1, 7, "parenthesis is never closed")]
    [InlineData("{{#if ()}}{{/if}}", 1, 7, "nothing between the parentheses")]
    [InlineData("{{join inputs.files sep=\", \"}}", 1, 24, "\"=\" is out of place")]
    [InlineData("{{#each inputs.files as |file|}}{{/each}}", 1, 25, "\"|\" is out of place")]
    [InlineData("{{../inputs.topic}}", 1, 3, "leads out of the template")]
    [InlineData("{{@index}}", 1, 3, "exists only inside {{#each}}")]
    [InlineData("{{@file}}", 1, 3, "There is no @file")]
    [InlineData("{{inputs..topic}}", 1, 3, "is not a path")]
    [InlineData("{{inputs.[topic}}", 1, 3, "is not a path")]
    public void Check_WrongSyntax_SaysWhere(string template, int line, int column, string message)
    {
        var problem = Template.Check(template, Known)[0];
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void Check_DeepNesting_IsRefused()
    {
        var blocks = string.Concat(Enumerable.Repeat("{{#if inputs.topic}}", 100_000));
        Assert.Contains("nested deeper than 32", Template.Check(blocks, Known)[0].Message, StringComparison.Ordinal);
        var calls = $"{{{{#if {string.Concat(Enumerable.Repeat("(not ", 100_000))}}}}}";
        Assert.Contains("nested deeper than 16", Template.Check(calls, Known)[0].Message, StringComparison.Ordinal);
        Assert.Contains("longer than 500", Template.Check($"{{{{{new string('a', 501)}}}}}", Known)[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ManyUnknownNames_ReportsTheFirstTwenty() =>
        Assert.Equal(20, Template.Check(string.Concat(Enumerable.Repeat("{{nobody}}", 10_000)), Known).Count);

    [Fact]
    public void ReferencedTasks_EveryUse_IsNamedOnce() => Assert.Equal(
        ["plan", "code-review", "third"],
        Template.ReferencedTasks(
            "{{tasks.plan.result}} {{#if (not tasks.code-review.error)}}{{tasks.plan.status}}{{/if}} {{#each x}}{{tasks.inner.result}}{{@root.tasks.third.result}}{{/each}}"));

    [Fact]
    public void ReferencedTasks_WrongSyntax_KeepsWhatCameBefore() => Assert.Empty(Template.ReferencedTasks("{{#if"));
}
