namespace Troupe.Agents.Tests.Providers.Simulated;

public sealed class SimulatedReportTests : IDisposable
{
    private const string Diff = """
        Review this change.

        diff --git a/src/login.js b/src/login.js
        --- a/src/login.js
        +++ b/src/login.js
        @@ -10,3 +10,5 @@ function login() {
         const a = 1;
        +const password = "hunter22";
        +element.innerHTML = name;
        -const b = 2;
         const c = 3;
        +// TODO: finish
        --- /dev/null
        +++ b/src/new.css
        @@ -0,0 +1,1 @@
        +a:focus { outline: none }
        """;

    private readonly AgentsHost host = AgentsHost.Create();

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Reviewer_QuotesFilesLinesAndCounts()
    {
        var text = await WriteAsync("security-auditor", Diff);

        Assert.Contains("| `src/login.js` | 3 | 1 |", text, StringComparison.Ordinal);
        Assert.Contains("`src/login.js:11`: a credential seems to be written into the code: `const password = \"hunter22\";`", text, StringComparison.Ordinal);
        Assert.Contains("`src/login.js:12`: markup is inserted unescaped", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TODO", text, StringComparison.Ordinal);
        Assert.Contains("2 places need a look", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code-reviewer", "`src/login.js:14`: unfinished work is marked here")]
    [InlineData("accessibility-expert", "`src/new.css:1`: the focus mark is taken away")]
    [InlineData("performance-analyzer", "No added line matches a known pattern.")]
    public async Task Reviewers_LookAtTheirOwnField(string name, string expected) =>
        Assert.Contains(expected, await WriteAsync(name, Diff), StringComparison.Ordinal);

    [Theory]
    [InlineData("ceo\nrole: executive", "# Decision note by ceo")]
    [InlineData("software-architect", "# Plan")]
    [InlineData("literature-reviewer", "# Review by literature-reviewer")]
    [InlineData("market-researcher", "# Findings")]
    [InlineData("report-writer", "# Move the shop to the new payment service")]
    [InlineData("backend-developer", "# Work on: Move the shop")]
    [InlineData("helper\ndescription: Plans and manages a project", "# Plan")]
    public async Task Report_IsLaidOutAsTheTradeDoes(string name, string heading)
    {
        var text = await WriteAsync(name, "# Move the shop to the new payment service\n\n- keep old orders\n- test refunds\n\nWho decides on fees?");

        Assert.StartsWith("> **Simulated answer.** No model was called", text, StringComparison.Ordinal);
        Assert.Contains(heading, text, StringComparison.Ordinal);
        Assert.Contains("refunds", text, StringComparison.Ordinal);
        Assert.Contains("The prompt had 20 words in 6 lines.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_MarkedWordsAndSingleThings_AreWrittenOut()
    {
        Assert.Contains("- Goal: what it is for", await WriteAsync("backend-developer", "# Build\n\n- **Goal**: what it is for\n"), StringComparison.Ordinal);
        Assert.Contains("The prompt had 1 word in 1 line.", await WriteAsync("cto", "Tea"), StringComparison.Ordinal);
        Assert.Contains("neither headings nor lists", await WriteAsync("report-writer", "Tea"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_IsTheSameForTheSamePrompt_AndOtherForAnother()
    {
        Assert.Equal(await WriteAsync("cto", "One"), await WriteAsync("cto", "One"));
        Assert.NotEqual(await WriteAsync("cto", "One"), await WriteAsync("cto", "Two"));
    }

    [Fact]
    public async Task EmptyPrompt_IsAnsweredToo() => Assert.Contains("an empty prompt", await WriteAsync("cto", ""), StringComparison.Ordinal);

    private async Task<string> WriteAsync(string name, string prompt) =>
        (await host.RunAsync(Agent.With($"provider: simulated\nname: {name}"), prompt)).Text;
}
