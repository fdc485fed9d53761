using System.Globalization;
using System.Text.Json;
using Troupe.Core.Definitions;

namespace Troupe.Core.Tests.Definitions;

/// <summary>The problems of definitions word by word, each with its place.</summary>
public sealed class DefinitionProblemsTests
{
    private const string Valid = """
        name: demo
        inputs: {topic: {type: string}, pace: {type: duration}}
        phases:
          - id: one
            tasks:
              - id: a
                agent: w
                prompt: p
              - {id: b, agent: w, prompt: p}
          - id: two
            after: one
            tasks:
              - {id: c, agent: w, prompt: p}
        """;

    [Fact]
    public void Read_ManyMistakes_AreAllReportedAtOnceInTheOrderOfTheText()
    {
        const string text = """
            name: Demo
            desciption: x
            inputs:
              topic: {type: strin, requird: true}
            options: {max_retries: 21, priority: urgent}
            phases:
              - id: one
                after: two
                tasks:
                  - id: a
                    agent: w
                    needs: [b, z]
                    prompt: |
                      First line
                      {{inputs.topik}} and {{tasks.c.result}}
                  - id: b
                    agent: w
                    needs: a
                    prompt: "{{#if inputs.topic}}"
              - id: two
                after: [one, thre]
                tasks:
                  - {id: c, prompt: "{{item}}", timeout: soon}
                  - {id: c, agent: w, prompt: p, for_each: inputs.topic}
            result: d
            """;
        Assert.Equal(
            """
            d.yaml:1:7: A workflow's name has lower-case letters, digits and hyphens, 1 to 64, and begins with a letter or digit; found "Demo". (/name)
            d.yaml:2:1: A workflow has no key "desciption". Did you mean "description"? Keys: name, description, inputs, options, phases, result, schedule. (/desciption)
            d.yaml:4:17: "type" must be one of string, number, integer, boolean, array, object, duration; found "strin". Did you mean "string"? (/inputs/topic/type)
            d.yaml:4:24: An input has no key "requird". Did you mean "required"? Keys: type, required, default, description, enum. (/inputs/topic/requird)
            d.yaml:5:24: "max_retries" must be 0 to 20; found 21. (/options/max_retries)
            d.yaml:5:38: "priority" must be one of normal, high, low; found "urgent". (/options/priority)
            d.yaml:8:12: Phases wait for each other: one → two → one. Remove one "after" of them. (/phases/0/after)
            d.yaml:12:16: Tasks wait for each other: a → b → a. Remove one "needs" of them. (/phases/0/tasks/0/needs)
            d.yaml:12:20: "needs" names no task: "z". (/phases/0/tasks/0/needs/1)
            d.yaml:15:13: There is no input "topik" here. Did you mean "topic"? There is: topic. (/phases/0/tasks/0/prompt)
            d.yaml:19:18: {{#if}} is never closed; end it with {{/if}}. (/phases/0/tasks/1/prompt)
            d.yaml:21:18: "after" names no phase: "thre". (/phases/1/after/1)
            d.yaml:23:9: "agent" is missing. Add it, for example agent: code-reviewer (/phases/1/tasks/0)
            d.yaml:23:28: "item" exists only in a task with for_each. (/phases/1/tasks/0/prompt)
            d.yaml:23:46: "timeout" must be a duration such as 90s, 15m, 2h, 3d or 1h30m, or seconds; found "soon". (/phases/1/tasks/0/timeout)
            d.yaml:24:14: There are two tasks "c"; ids are unique in a workflow. (/phases/1/tasks/1/id)
            d.yaml:24:48: for_each needs a list, but the input "topic" is of type string; make it type: array. (/phases/1/tasks/1/for_each)
            d.yaml:25:9: "result" names no task: "d". (/result)
            """,
            Show(text, "d.yaml"));
    }

    [Theory]
    [InlineData("needs: c", "9:", "\"b\" needs \"c\" of the phase \"two\", which \"one\" does not come after. Add after: two to the phase \"one\".")]
    [InlineData("needs: [b]", "9:", "Tasks wait for each other: b → b.")]
    [InlineData("needs: {}", "9:", "\"needs\" must be a name or a list of names; found a mapping.")]
    [InlineData("when: \"{{tasks.a.result}}\"", "9:", "\"b\" uses the result of \"a\", which may not be finished by then. Add needs: [a].")]
    [InlineData("for_each: tasks.a.result", "9:", "\"b\" uses the result of \"a\", which may not be finished by then. Add needs: [a].")]
    [InlineData("for_each: tasks.c.result", "9:", "\"b\" uses the result of \"c\", which may not be finished by then. Add after: two to the phase \"one\".")]
    [InlineData("when: \"{{tasks.b.result}}\"", "9:", "A task can't use its own result.")]
    [InlineData("for_each: inputs.topik", "9:", "There is no input \"topik\" here. Did you mean \"topic\"?")]
    [InlineData("for_each: \"{{inputs.topic}}\"", "9:", "is not a path. Write one such as inputs.files")]
    [InlineData("weight: 0", "9:", "\"weight\" must be above 0 and at most 1000000; found 0.")]
    [InlineData("weight: heavy", "9:", "\"weight\" must be a number; found \"heavy\".")]
    [InlineData("title: \"\"", "9:", "\"title\" is blank.")]
    [InlineData("title: [x]", "9:", "\"title\" must be text; found a list.")]
    [InlineData("max_retries: 1.5", "9:", "\"max_retries\" must be a whole number; found the number 1.5.")]
    [InlineData("use_direct_llm: yes", "9:", "\"use_direct_llm\" must be true or false; found \"yes\".")]
    [InlineData("start_at: 2030-01-01T00:00:00Z", "9:", "A task has no \"start_at\"")]
    [InlineData("start_at: tomorrow", "9:", "\"start_at\" must be a time such as 2030-01-31T09:00:00Z; found \"tomorrow\".")]
    [InlineData("callback_url: /hook", "9:", "\"callback_url\" must be an absolute http or https address")]
    [InlineData("callback_url: not a url", "9:", "\"callback_url\" must be an absolute http or https address; found \"not a url\".")]
    [InlineData("budget: {usd: 0, dollars: 1}", "9:", "A budget has no key \"dollars\".")]
    [InlineData("metadata: 3", "9:", "\"metadata\" must be a mapping; found the number 3.")]
    [InlineData("gate: {}", "9:", "A gate must be a mapping: {approval: {title: …}} or {callback: name}; found neither.")]
    [InlineData("gate: {approval: {}, callback: x}", "9:", "found both.")]
    [InlineData("gate: open", "9:", "\"gate\" must be a mapping: {approval")]
    [InlineData("gate: {callback: a b}", "9:", "A callback's name has letters, digits, hyphens, underscores and dots, 1 to 64; found \"a b\".")]
    [InlineData("gate: {callback: x, quorum: 2}", "9:", "A gate has no key \"quorum\".")]
    [InlineData("gate: {approval: yes}", "9:", "\"approval\" must be a mapping with a title")]
    [InlineData("gate: {approval: {quorum: 0}}", "9:", "\"quorum\" must be 1 to 20; found 0.")]
    [InlineData("gate: {approval: {quorum: 2, approvers: ann}}", "9:", "A quorum of 2 can't be reached by 1 approvers.")]
    [InlineData("gate: {approval: {on_timeout: approve}}", "9:", "\"on_timeout\" needs a \"timeout\".")]
    [InlineData("gate: {approval: {on_timeout: escalate, timeout: 1h}}", "9:", "on_timeout: escalate needs \"escalate_to\"")]
    [InlineData("gate: {approval: {escalate_to: x}}", "9:", "\"escalate_to\" needs on_timeout: escalate.")]
    [InlineData("gate: {approval: {timeout: 0}}", "9:", "\"timeout\" must be above 0.")]
    [InlineData("gate: {approval: {title: \"{{tasks.a.result}}\"}}", "9:", "There is no task \"a\" here.")]
    [InlineData("id: b2", "9:", "The key \"id\" is given twice; keep one.")]
    public void Read_WrongTask_SaysWhatIsWrong(string key, string line, string message) =>
        AssertProblem(Valid.Replace("{id: b,", $"{{id: b, {key},", StringComparison.Ordinal), line, message);

    [Theory]
    [InlineData("delay: inputs.topic", "\"delay\" needs an input of type: duration; \"topic\" is of type string.")]
    [InlineData("delay: inputs.pase", "\"delay\" names no input: \"pase\". Did you mean \"pace\"?")]
    [InlineData("delay: inputs.pace", "\"delay\" would have no value where none of its inputs is given.")]
    [InlineData("delay: inputs.pace + 1", "is neither a duration such as 1d nor an expression")]
    [InlineData("delay: later", "\"delay\" must be a duration")]
    [InlineData("after: two", "Phases wait for each other: two → two.")]
    [InlineData("tasks: []", "A phase needs \"tasks\": at least one.")]
    [InlineData("tasks: [text]", "A task must be a mapping; found \"text\".")]
    [InlineData("tasks: text", "\"tasks\" must be a list of tasks; found \"text\".")]
    [InlineData("colour: red", "A phase has no key \"colour\".")]
    [InlineData("id: -x", "An id has lower-case letters, digits, hyphens and underscores, 1 to 64, and begins with a letter or digit; found \"-x\".")]
    [InlineData("id: one", "There are two phases \"one\"")]
    public void Read_WrongPhase_SaysWhatIsWrong(string key, string message)
    {
        var name = key.Split(':')[0];
        var phase = string.Join(", ", new[] { "id: two", "after: one", "tasks: [{id: c, agent: w, prompt: p}]" }.Where(part => part.Split(':')[0] != name).Append(key));
        AssertProblem($"{Valid[..Valid.IndexOf("  - id: two", StringComparison.Ordinal)]}  - {{{phase}}}\n", "10:", message);
    }

    [Theory]
    [InlineData("topic: {type: integer, default: x}", "The default of \"topic\" must be a whole number; found \"x\".")]
    [InlineData("topic: {enum: [a, b], default: c}", "The default of \"topic\" must be one of \"a\", \"b\"; found \"c\".")]
    [InlineData("topic: {enum: [1]}", "A value of \"enum\" must be text; found 1.")]
    [InlineData("topic: {enum: []}", "\"enum\" must be a list of 1 to 200 values; found a list.")]
    [InlineData("topic: {required: true, default: c}", "An input with a \"default\" is never missing")]
    [InlineData("topic: 3", "An input must be a mapping with type")]
    [InlineData("topic: strnig", "An input must be a mapping with type")]
    [InlineData("my-topic: string", "An input's name has letters, digits and underscores, 1 to 64, and begins with no digit; found \"my-topic\".")]
    public void Read_WrongInput_SaysWhatIsWrong(string input, string message) =>
        AssertProblem(Valid.Replace("topic: {type: string}", input, StringComparison.Ordinal), "2:", message);

    [Theory]
    [InlineData("inputs: text", "\"inputs\" must be a mapping of names or a list; found \"text\".")]
    [InlineData("inputs: [{name: a}, {name: a}]", "There are two inputs \"a\"")]
    [InlineData("inputs: [{type: string}]", "\"name\" is missing. Add it, for example name: topic")]
    [InlineData("inputs: [{name: 1a}]", "An input's name has letters")]
    [InlineData("schedule: {cron: daily}", "\"cron\" must have 5 fields")]
    [InlineData("schedule: {cron: \"@daily\", time_zone: Mars/Olympus}", "There is no time zone \"Mars/Olympus\"")]
    [InlineData("options: {tag: x}", "A set of options has no key \"tag\". Did you mean \"tags\"?")]
    [InlineData("options: {on_completion: {launch: {prompt: x}}}", "\"launch\" needs either a workflow, or an agent with a prompt.")]
    [InlineData("phases: []", "A workflow needs \"phases\": at least one, with at least one task.")]
    [InlineData("description: x", "A workflow needs \"phases\": at least one, with at least one task.")]
    public void Read_WrongTop_SaysWhatIsWrong(string key, string message)
    {
        var phases = key.StartsWith("phases", StringComparison.Ordinal) || key.StartsWith("description", StringComparison.Ordinal)
            ? "" : "\nphases: [{id: p, tasks: [{id: t, agent: w, prompt: p}]}]";
        AssertProblem($"name: demo\n{key}{phases}", "", message);
    }

    [Theory]
    [InlineData("run", "The gate of \"run\" would share its name with another gate")]
    [InlineData("same", "The gate of \"same\" would share its name with another gate")]
    public void Read_GatesOfOneName_AreRefused(string id, string message)
    {
        var task = id == "run" ? "t" : id;
        AssertProblem($"name: d\nphases: [{{id: {id}, gate: {{callback: x}}, tasks: [{{id: {task}, agent: w, prompt: p, requires_approval: true}}]}}]", "2:", message);
    }

    [Fact]
    public void Read_TwoGatesForOneCallback_AreRefused() => AssertProblem(
        "name: d\nphases: [{id: p, gate: {callback: x}, tasks: [{id: t, agent: w, prompt: p, gate: {callback: X}}]}]", "2:", "Two gates wait for the callback \"X\"");

    [Theory]
    [InlineData("", "1:1", "The definition is empty.")]
    [InlineData("# nothing\n", "1:1", "The definition is empty.")]
    [InlineData("just text", "", "A definition must be a mapping with name and phases.")]
    [InlineData("name: [a", "", "This is not valid YAML")]
    [InlineData("name: a\n\tb: c", "1:7", "This is not valid YAML")]
    [InlineData("name: a\n---\nname: b", "2:1", "A second document begins here")]
    [InlineData("name: &x a\nphases: *x", "2:9", "Aliases (*x) are not supported")]
    [InlineData("name: !!binary aGk=", "1:7", "Tags (tag:yaml.org,2002:binary) are not supported")]
    [InlineData("? [a]\n: b", "1:3", "A key must be plain text.")]
    [InlineData("{\"name\": \"a\",}", "1:14", "This is not valid JSON")]
    [InlineData("{\n \"name\": \"a\"\n} x", "3:3", "This is not valid JSON")]
    public void Read_NoDefinition_SaysWhere(string text, string place, string message) => AssertProblem(text, place, message);

    [Fact]
    public void Read_HostileText_IsRefusedQuickly()
    {
        AssertProblem($"name: {new string('[', 100)}", "1:70", "nested deeper than 64 levels");
        AssertProblem($"{{\"name\": {new string('[', 100)}", "1:", "maximum configured depth of 64");
        AssertProblem(new string('x', (1 << 20) + 1), "", "longer than 1048576 bytes");
        AssertProblem($"name: a\nphases: [{string.Join(',', Enumerable.Range(0, 101).Select(i => $"{{id: p{i}, tasks: [{{id: t{i}, agent: w, prompt: p}}]}}"))}]", "2:", "at most 100 phases; found 101");
        var tasks = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"{{id: t{i}, agent: w, prompt: p, needs: t{i + 1}}}"));
        AssertProblem($"name: a\nphases: [{{id: p, tasks: [{tasks}]}}]", "2:", "at most 1000 tasks; found 20000");
        AssertProblem($"name: a\nphases: [{{id: p, tasks: [{{id: t, agent: w, prompt: p, needs: [{string.Join(',', Enumerable.Range(0, 101))}]}}]}}]", "2:", "\"needs\" has 101 entries; at most 100 are possible.");
        var inputs = string.Join(", ", Enumerable.Range(0, 101).Select(i => $"i{i}: string"));
        AssertProblem($"name: a\ninputs: {{{inputs}}}\nphases: [{{id: p, tasks: [{{id: t, agent: w, prompt: p}}]}}]", "2:", "at most 100 inputs; found 101");
        var unknown = string.Join('\n', Enumerable.Range(0, 50_000).Select(i => $"key{i}: x"));
        var problems = DefinitionReader.Read(unknown).Problems;
        Assert.Equal(101, problems.Count);
        Assert.Contains("There may be more problems", problems[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Inline_PointersAreRelativeToTheDefinition()
    {
        var inline = JsonElement.Parse("""{"name":"a","phases":[{"id":"p","tasks":[{"id":"t","agent":"w","prompt":"x\n {{inputs.a}}"}]}],"a/b~c":1}""");
        Assert.Equal(
            [
                "A workflow has no key \"a/b~c\". Keys: name, description, inputs, options, phases, result, schedule. (/a~1b~0c)",
                "There is no input \"a\" here. There is none. (line 2, column 4 of the text) (/phases/0/tasks/0/prompt)",
            ],
            DefinitionReader.Read(inline).Problems.Select(problem => problem.ToString()));
        Assert.Equal("A definition must be a mapping with name and phases.", DefinitionReader.Read(JsonElement.Parse("[]")).Problems[0].Message);
    }

    [Fact]
    public void Read_TemplateInFoldedAndQuotedText_IsLocatedAsWellAsPossible()
    {
        const string text = """
            name: a
            phases:
              - id: p
                tasks:
                  - id: t
                    agent: w
                    prompt: >
                      folded {{nobody}}
                  - id: u
                    agent: w
                    prompt: 'quoted {{nobody}}'
                  - id: v
                    agent: w
                    prompt: |

                      after a blank line {{nobody}}
            """;
        Assert.Equal(
            ["7:17 (line 1, column 10 of the text)", "11:27", "16:32"],
            DefinitionReader.Read(text).Problems.Select(problem =>
                $"{problem.Line}:{problem.Column} {problem.Message[(problem.Message.LastIndexOf('.') + 1)..].Trim()}".Trim()));
    }

    private static string Show(string text, string file) =>
        string.Join('\n', DefinitionReader.Read(text, file).Problems.Select(problem => problem.ToString()));

    private static void AssertProblem(string text, string place, string message)
    {
        var result = DefinitionReader.Read(text);
        Assert.Null(result.Definition);
        Assert.Contains(result.Problems, problem =>
            problem.Message.Contains(message, StringComparison.Ordinal)
            && string.Create(CultureInfo.InvariantCulture, $"{problem.Line}:{problem.Column}").StartsWith(place, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_IdEndsWithANewLine_IsRefused()
    {
        var definition = new { name = "w", phases = new object[] { new { id = "p", tasks = new object[] { new { id = "a\n", agent = "x", prompt = "p" } } } } };
        var problem = Assert.Single(DefinitionReader.Read(System.Text.Json.JsonSerializer.SerializeToElement(definition)).Problems);
        Assert.Equal("/phases/0/tasks/0/id", problem.Pointer);
    }
}
