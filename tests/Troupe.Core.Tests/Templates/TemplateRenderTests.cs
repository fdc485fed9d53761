using System.Text.Json;
using Troupe.Core.Templates;

namespace Troupe.Core.Tests.Templates;

public sealed class TemplateRenderTests
{
    private static readonly IReadOnlyDictionary<string, object?> Context = TemplateContext.Create(
        JsonElement.Parse("""
            {"topic":"Tea & <cake>","n":3,"price":1.50,"yes":true,"no":false,"nothing":null,"empty":"","files":["a.cs","b.cs"],
             "none":[],"person":{"name":"Ada","tags":["x","y"]}}
            """),
        new RunValues("r1", "demo", "ada", new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(1))),
        new Dictionary<string, TaskValues>
        {
            ["plan"] = new("completed", """{"steps":[{"title":"One","cost":1},{"title":"Two"}],"note":"n"}"""),
            ["code-fence"] = new("completed", "```json\n[1, 2]\n```"),
            ["text"] = new("completed", "plain {{inputs.topic}} text"),
            ["skipped_one"] = new("skipped"),
            ["bad"] = new("failed", null, "it broke"),
            ["many"] = new("completed", Results: ["first", """{"k":1}""", null]),
        },
        JsonElement.Parse("""{"title":"Two"}"""),
        1);

    [Theory]
    [InlineData("no tags", "no tags")]
    [InlineData("{{inputs.topic}}", "Tea & <cake>")]
    [InlineData("{{{inputs.topic}}}", "Tea & <cake>")]
    [InlineData("{{inputs.n}} {{inputs.price}} {{inputs.yes}} {{inputs.no}} [{{inputs.nothing}}]", "3 1.50 true false []")]
    [InlineData("{{inputs.files}}", """["a.cs","b.cs"]""")]
    [InlineData("{{inputs.person}}", """{"name":"Ada","tags":["x","y"]}""")]
    [InlineData("{{inputs.person.tags.[1]}} {{inputs.files.0}}", "y a.cs")]
    [InlineData("{{run.id}} {{run.workflow}} {{run.user}} {{run.started_at}} {{run.date}}", "r1 demo ada 2030-01-02T02:04:05Z 2030-01-02")]
    [InlineData("{{item.title}} {{index}}", "Two 1")]
    [InlineData("\\{{inputs.topic}} and \\\\{{inputs.n}}", "{{inputs.topic}} and \\3")]
    [InlineData("a{{! gone }}b{{!-- {{gone}} too --}}c", "abc")]
    [InlineData(" {{~inputs.n~}} x", "3x")]
    public void Render_Values_AreInsertedAsTheyAre(string template, string expected) =>
        Assert.Equal(expected, Template.Render(template, Context));

    [Theory]
    [InlineData("{{tasks.plan.result.note}}", "n")]
    [InlineData("{{tasks.plan.result.steps.[0].title}}", "One")]
    [InlineData("{{tasks.plan.result}}", """{"steps":[{"title":"One","cost":1},{"title":"Two"}],"note":"n"}""")]
    [InlineData("{{tasks.code-fence.result}}", "```json\n[1, 2]\n```")]
    [InlineData("{{tasks.code-fence.result.[1]}}", "2")]
    [InlineData("{{tasks.skipped_one.status}}:{{tasks.skipped_one.result}}:", "skipped::")]
    [InlineData("{{tasks.bad.error}}", "it broke")]
    [InlineData("{{length tasks.bad.results}} {{length tasks.code-fence.results}}", "0 2")]
    [InlineData("{{tasks.many.results.[0]}}{{tasks.many.results.[1].k}}", "first1")]
    [InlineData("{{tasks.many.result}}", """["first",{"k":1},null]""")]
    [InlineData("{{json tasks.many.results}}", """["first",{"k":1},null]""")]
    public void Render_TaskResults_AreTextAndJson(string template, string expected) =>
        Assert.Equal(expected, Template.Render(template, Context));

    [Fact]
    public void Render_ResultWithBraces_IsNotEvaluatedAgain() =>
        Assert.Equal("plain {{inputs.topic}} text", Template.Render("{{tasks.text.result}}", Context));

    [Theory]
    [InlineData("{{#if inputs.nothing}}y{{else if inputs.yes}}e{{else}}n{{/if}}", "e")]
    [InlineData("{{#unless inputs.empty}}u{{/unless}}", "u")]
    [InlineData("{{#if inputs.none}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#each inputs.files}}{{@index}}={{this}}{{#unless @last}}, {{/unless}}{{/each}}", "0=a.cs, 1=b.cs")]
    [InlineData("{{#each inputs.none}}x{{else}}none of {{inputs.n}}{{/each}}", "none of 3")]
    [InlineData("{{#each inputs.nothing}}x{{else}}none{{/each}}", "none")]
    [InlineData("{{#each tasks.plan.result.steps}}{{title}}/{{@root.inputs.n}}/{{../run.id}};{{/each}}", "One/3/r1;Two/3/r1;")]
    [InlineData("{{#each inputs.person}}{{@key}},{{/each}}", "name,tags,")]
    [InlineData("{{#with inputs.person}}{{name}}{{#each tags}}{{this}}{{../name}}{{/each}}{{/with}}", "AdaxAdayAda")]
    [InlineData("{{#with inputs.nothing}}y{{else}}n{{/with}}", "n")]
    public void Render_Blocks_ChooseAndRepeat(string template, string expected) =>
        Assert.Equal(expected, Template.Render(template, Context));

    [Theory]
    [InlineData("{{eq inputs.n 3}} {{eq inputs.price 1.5}} {{eq inputs.topic \"x\"}} {{eq inputs.nothing null}}", "true true false true")]
    [InlineData("{{ne inputs.n 3}} {{ne inputs.nothing inputs.n}}", "false true")]
    [InlineData("{{and inputs.yes inputs.n}} {{and inputs.yes inputs.no}}", "true false")]
    [InlineData("{{or inputs.no inputs.empty inputs.n}} {{or inputs.no inputs.none}} {{not inputs.none}}", "true false true")]
    [InlineData("{{contains inputs.files \"b.cs\"}} {{contains inputs.topic \"CAKE\"}} {{contains inputs.person \"name\"}} {{contains inputs.nothing 1}}", "true true true false")]
    [InlineData("{{json inputs.topic}} {{json inputs.person}}", "\"Tea & <cake>\" {\"name\":\"Ada\",\"tags\":[\"x\",\"y\"]}")]
    [InlineData("{{length inputs.files}} {{length inputs.person}} {{length inputs.topic}}", "2 2 12")]
    [InlineData("{{join inputs.files}} {{join inputs.files \" + \"}} {{join inputs.nothing}}", "a.cs, b.cs a.cs + b.cs ")]
    [InlineData("{{default inputs.nothing \"d\"}} {{default inputs.person.age 7}} {{default inputs.n 7}}", "d 7 3")]
    [InlineData("{{#if (and (eq inputs.n 3) (not inputs.no))}}both{{/if}}", "both")]
    [InlineData("{{#if item.missing}}y{{else}}n{{/if}}", "n")]
    public void Render_Helpers_Compute(string template, string expected) =>
        Assert.Equal(expected, Template.Render(template, Context));

    [Theory]
    [InlineData("x {{inputs.topix}}", "\"topix\" has no value (in inputs.topix at line 1, column 5)")]
    [InlineData("{{nobody}}", "\"nobody\" has no value")]
    [InlineData("{{inputs.topic.Length}}", "\"Length\" has no value")]
    [InlineData("{{inputs.files.Count}}", "\"Count\" has no value")]
    [InlineData("{{inputs.person.Count}}", "\"Count\" has no value")]
    [InlineData("{{inputs.n.MaxValue}}", "\"MaxValue\" has no value")]
    [InlineData("{{inputs.files.[9]}}", "\"[9]\" has no value")]
    [InlineData("{{eq inputs.topix 1}}", "\"topix\" has no value")]
    [InlineData("{{#each inputs.topix}}{{/each}}", "\"topix\" has no value")]
    [InlineData("{{#with inputs.topix}}{{/with}}", "\"topix\" has no value")]
    [InlineData("{{#each inputs.topic}}{{/each}}", "{{#each}} needs a list or an object and found the text \"Tea & <cake>\"")]
    [InlineData("{{join inputs.n}}", "\"join\" needs a list and found the number 3")]
    [InlineData("{{#if}}", "{{#if}} takes 1 value, not 0. (line 1, column 1 of the template)")]
    [InlineData("{{> partial}}", "Templates here have no {{>…}}")]
    public void Render_Mistake_ThrowsWithItsPlace(string template, string expected)
    {
        var thrown = Assert.Throws<TemplateException>(() => Template.Render(template, Context));
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OutputBeyondLimit_Throws()
    {
        var context = new Dictionary<string, object?> { ["big"] = new string('x', 100) };
        Assert.Equal(100, Template.Render("{{big}}", context, maxLength: 100).Length);
        var thrown = Assert.Throws<TemplateException>(() => Template.Render("{{big}}.", context, maxLength: 100));
        Assert.Contains("longer than 100 characters", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NestedLoopsOverLongLists_EndsInAnError()
    {
        var list = JsonElement.Parse($$"""{"list":[{{string.Join(',', Enumerable.Range(0, 5000))}}]}""");
        const string template = "{{#each list}}{{#each @root.list}}{{#each @root.list}}{{/each}}{{/each}}{{/each}}";
        var thrown = Assert.Throws<TemplateException>(() => Template.Render(template, list));
        Assert.Contains("too long", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ManyTemplatesAtOnce_EachGivesItsOwnText()
    {
        var texts = new string[1000];
        Parallel.For(0, texts.Length, i => texts[i] = Template.Render($"{i % 600}: {{{{inputs.n}}}}", Context));
        for (var i = 0; i < texts.Length; i++)
            Assert.Equal($"{i % 600}: 3", texts[i]);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(" \n", false)]
    [InlineData("False", false)]
    [InlineData(" no ", false)]
    [InlineData("0", false)]
    [InlineData("true", true)]
    [InlineData("00", true)]
    [InlineData("none", true)]
    public void IsTruthy_Text_MeansYesUnlessItSaysNo(string rendered, bool expected) =>
        Assert.Equal(expected, Template.IsTruthy(rendered));
}
