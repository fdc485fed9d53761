using System.Text.Json;
using Troupe.Agents.Files;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Agents.Tests.Files;

public sealed class AgentFileTests
{
    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        var agent = Read("""
            ---
            name: cfo
            description: Watches the money.
            model: opus
            tools: [Read, Grep]
            provider: anthropic
            mode: hybrid
            role: executive
            reports_to: ceo
            skills: [budgets, forecasts]
            temperature: 0.3
            max_output_tokens: 4000
            timeout: 15m
            command: [python3, tool.py, "--fast now"]
            output_schema: {type: object}
            simulate: {latency: 1s}
            color: green
            version: 2
            ---

            You are the CFO.
            """);

        Assert.Equal(("cfo", "Watches the money.", "opus", "You are the CFO."), (agent.Name, agent.Description, agent.Model, agent.SystemPrompt));
        Assert.Equal(["Read", "Grep"], agent.Tools);
        Assert.Equal(("anthropic", ExecutionMode.Hybrid, AgentRole.Executive, "ceo"), (agent.Provider, agent.Mode, agent.Role, agent.ReportsTo));
        Assert.Equal(["budgets", "forecasts"], agent.Skills);
        Assert.Equal((0.3, 4000, TimeSpan.FromMinutes(15)), (agent.Temperature, agent.MaxOutputTokens, agent.Timeout));
        Assert.Equal(["python3", "tool.py", "--fast now"], agent.Command!);
        Assert.Equal("object", agent.OutputSchema!.Value.GetProperty("type").GetString());
        Assert.Equal("1s", agent.Simulate!.Value.GetProperty("latency").GetString());
        Assert.Equal(["color", "version"], agent.Extra.Keys.Order());
        Assert.Equal(2, agent.Extra["version"].GetInt32());
    }

    [Theory]
    [InlineData("\uFEFF---\nname: a\n---\nBody")]
    [InlineData("---\r\nname: a\r\n---\r\nBody\r\n")]
    [InlineData("\n\n---\nname: a\n---   \n\nBody\n\n")]
    [InlineData("--- \nname: a\n---\nBody")]
    [InlineData("---\n\"name\": 'a'\n---\nBody")]
    public void Read_OddLayout_IsTheSameAgent(string text)
    {
        var agent = Read(text);

        Assert.Equal(("a", "Body"), (agent.Name, agent.SystemPrompt));
    }

    [Fact]
    public void Read_UnquotedColonsAndExamples_FallsBackToLines()
    {
        var agent = Read("""
            ---
            name: rapid-prototyper
            description: Use this agent when: a new idea needs a prototype. Examples:\n\n<example>\nuser: "Build it"\nassistant: "I'll use it"\n</example>
            color: green
            tools: Write, Bash(git diff:*, git log:*), Read
            timeout: 90s
            ---
            You prototype.
            """);

        Assert.Equal("rapid-prototyper", agent.Name);
        Assert.StartsWith("Use this agent when: a new idea needs a prototype. Examples:\n\n<example>\nuser: \"Build it\"", agent.Description, StringComparison.Ordinal);
        Assert.Equal(["Write", "Bash(git diff:*, git log:*)", "Read"], agent.Tools);
        Assert.Equal(TimeSpan.FromSeconds(90), agent.Timeout);
        Assert.Equal("green", agent.Extra["color"].GetString());
    }

    [Fact]
    public void Read_DialogueOverSeveralLines_StaysInTheDescription()
    {
        var agent = Read("""
            ---
            name: greeter
            description: Use it: always.
              <example>
              Context: hello
            user: "hi: there"
            assistant: "hello"
              </example>
            model: haiku
            ---
            Greet.
            """);

        Assert.Contains("user: \"hi: there\"\nassistant: \"hello\"", agent.Description, StringComparison.Ordinal);
        Assert.Equal("haiku", agent.Model);
        Assert.Empty(agent.Extra);
    }

    [Theory]
    [InlineData("description: |\n  Line: one\n  two")]
    [InlineData("description: \"Line: one\\ntwo\"")]
    [InlineData("bad: a: b\ndescription: |\n  Line: one\n  two")]
    public void Read_DescriptionOfSeveralLines_KeepsThem(string frontMatter) =>
        Assert.Equal("Line: one\ntwo", Read($"---\n{frontMatter}\n---\nBody").Description);

    [Theory]
    [InlineData("tools: Read, Write", "Read|Write")]
    [InlineData("tools:\n  - Read\n  - Write", "Read|Write")]
    [InlineData("tools: [Read, Write]", "Read|Write")]
    [InlineData("tools: \"Read, Write\"", "Read|Write")]
    [InlineData("tools: {read: true, write: false}", "read")]
    [InlineData("tools: '*'", "*")]
    [InlineData("tools:", "")]
    [InlineData("x: 1", "")]
    [InlineData("a: b: c\ntools:\n  - Read\n  - Write", "Read|Write")]
    public void Read_Tools_InEveryForm(string frontMatter, string expected) =>
        Assert.Equal(expected, string.Join('|', Read($"---\n{frontMatter}\n---\nBody").Tools));

    [Fact]
    public void Read_WithoutFrontMatter_TakesTheFileName()
    {
        var agent = Read("# Debugger\n\nYou debug: carefully.");

        Assert.Equal(("file", "# Debugger\n\nYou debug: carefully.", null), (agent.Name, agent.SystemPrompt, agent.Description));
    }

    [Theory]
    [InlineData("---\nJust a rule above.\n---\nText")]
    [InlineData("---\n\nJust a rule above, never closed.")]
    public void Read_RuleInsteadOfFrontMatter_IsAllPrompt(string text) => Assert.Contains("Just a rule above", Read(text).SystemPrompt, StringComparison.Ordinal);

    [Theory]
    [InlineData("mode: subagent")]
    [InlineData("role: Senior engineer for databases")]
    public void Read_WordsOfOtherTools_AreKeptAsExtra(string line)
    {
        var agent = Read($"---\n{line}\n---\nBody");

        Assert.Equal((null, AgentRole.Employee), (agent.Mode, agent.Role));
        Assert.Single(agent.Extra);
    }

    [Fact]
    public void Read_EmptyBody_UsesTheDescription() => Assert.Equal("Counts.", Read("---\ndescription: Counts.\n---\n").SystemPrompt);

    [Fact]
    public void Read_SimulateAsJsonText_IsAMapping() =>
        Assert.Equal(2, Read("---\nsimulate: '{\"fail_times\": 2}'\n---\nBody").Simulate!.Value.GetProperty("fail_times").GetInt32());

    [Theory]
    [InlineData("---\nname: x\ntemperature: hot\n---\nBody", 3, "temperature", "hot")]
    [InlineData("---\nname: x\ntimeout: soon\n---\nBody", 3, "timeout", "soon")]
    [InlineData("---\nname: x\nmax_output_tokens: 0\n---\nBody", 3, "max_output_tokens", "0")]
    [InlineData("---\nname: x\n\nsimulate: 5\n---\nBody", 4, "simulate", "5")]
    [InlineData("---\nname: x\noutput_schema: '{oops'\n---\nBody", 3, "output_schema", "{oops")]
    [InlineData("---\nname: x\ncommand: []\n---\nBody", 3, "command", "[]")]
    [InlineData("---\nname: [a, b]\n---\nBody", 2, "name", "[\"a\",\"b\"]")]
    [InlineData("---\nname: x\ntools: [Read, Write\n---\nBody", 3, "tools", "[Read, Write")]
    [InlineData("---\nname: x\n\ndescription: never closed\n", 1, "closed", "---")]
    [InlineData("\n---\n---\n  \n", 1, "neither", "system prompt")]
    [InlineData("Text\nwith a \0 in it", 2, "NUL", "no text")]
    public void Read_BrokenFile_IsAProblemWithItsLine(string text, int line, params string[] says)
    {
        var (agent, problems) = AgentFile.Read("file", text, "folder/file.md");

        Assert.Null(agent);
        var problem = Assert.Single(problems);
        Assert.Equal(("folder/file.md", line), (problem.File, problem.Line));
        Assert.All(says, word => Assert.Contains(word, problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralProblems_AreAllReported()
    {
        var (_, problems) = AgentFile.Read("file", "---\ntemperature: 9\ntimeout: x\n---\nBody", "file.md");

        Assert.Equal([2, 3], problems.Select(problem => problem.Line!.Value));
    }

    [Fact]
    public void Read_AliasBomb_IsBounded()
    {
        var bomb = "a: &a [1,2,3,4,5,6,7,8,9]\n" + string.Concat(Enumerable.Range('b', 12).Select(c => $"{(char)c}: &{(char)c} [{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n"));

        var (agent, _) = AgentFile.Read("file", $"---\n{bomb}---\nBody", "file.md");

        // Whatever is kept of it stays as small as the file.
        Assert.True(agent is null || JsonSerializer.Serialize(agent.Extra).Length < 100_000);
    }

    [Fact]
    public void Read_DeepNesting_DoesNotOverflow()
    {
        var (agent, problems) = AgentFile.Read("file", $"---\nx: {new string('[', 100_000)}\nsimulate: {new string('{', 100_000)}\n---\nBody", "file.md");

        Assert.Null(agent);
        Assert.Contains(problems, problem => problem.Pointer == "/simulate");
    }

    [Fact]
    public void Read_TooLong_IsAProblem()
    {
        var (agent, problems) = AgentFile.Read("file", new string('x', AgentFile.MaxLength + 1), "file.md");

        Assert.Null(agent);
        Assert.Contains("at most", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_ChangesWithTheText()
    {
        Assert.Equal(Read("One").Version, Read("One").Version);
        Assert.NotEqual(Read("One").Version, Read("Two").Version);
    }

    private static AgentDefinition Read(string text)
    {
        var (agent, problems) = AgentFile.Read("file", text, "file.md");
        Assert.Empty(problems);
        return agent!;
    }
}
