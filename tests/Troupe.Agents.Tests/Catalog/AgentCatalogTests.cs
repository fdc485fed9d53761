using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Tests.Catalog;

public sealed class AgentCatalogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder other = new();

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task Find_ByNameOrPath()
    {
        folder.Write("team/reviewers/audit.md", "---\nname: security-auditor\n---\nAudit.");
        using var host = Host();

        foreach (var name in new[] { "security-auditor", "Security-AUDITOR", "team/reviewers/audit.md", "team/reviewers/audit" })
            Assert.Equal("security-auditor", (await FindAsync(host, name))?.Name);
        Assert.Equal("team/reviewers/audit.md", (await FindAsync(host, "security-auditor"))!.Path);
        Assert.Null(await FindAsync(host, "audit"));
    }

    [Fact]
    public async Task List_Pipe_IsNotReadFrom()
    {
        folder.Write("a.md", "A.");
        if (OperatingSystem.IsLinux())
        {
            using var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder.Path, "pipe.md"));
            await mkfifo.WaitForExitAsync();
        }

        using var host = Host();

        Assert.Equal("a", Assert.Single(await host.Catalog.ListAsync(default)).Name);
    }

    [Fact]
    public async Task Find_OutsideTheRoots_FindsNothing()
    {
        var secret = other.Write("secret.md", "Secret.");
        folder.Write("a.md", "A.");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.md"), secret);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "linked"), other.Path);
        Directory.CreateDirectory(Path.Combine(folder.Path, "sub"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "sub", "through.md"), Path.Combine(folder.Path, "linked", "secret.md"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "inside.md"), Path.Combine(folder.Path, "a.md"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "loop.md"), Path.Combine(folder.Path, "loop.md"));
        using var host = Host();

        Assert.Equal(["a", "inside"], (await host.Catalog.ListAsync(default)).Select(agent => agent.Name));
        string[] escapes =
        [
            $"../{Path.GetFileName(other.Path)}/secret.md", secret, "link", "link.md", "linked/secret.md", "sub/through.md", "through",
            "sub/../a.md", "./a.md", "a.md\0", "\0", "C:\\a.md", "c:a.md", "..\\a.md", "", " ", ".", "..", "/", "a.md/", "//a.md",
        ];
        foreach (var path in escapes)
            Assert.Null(await FindAsync(host, path));
    }

    [Fact]
    public async Task List_NestedFolders_WithoutDocumentsAndHiddenOnes()
    {
        folder.Write("b.md", "B.");
        folder.Write("x/y/z/a.md", "A.");
        folder.Write("README.md", "# About these agents");
        folder.Write("x/CONTRIBUTING.md", "How to help");
        folder.Write("x/LICENSE.md", "---\nname: license-checker\n---\nChecks licences.");
        folder.Write(".git/c.md", "C.");
        folder.Write("node_modules/d/d.md", "D.");
        folder.Write("x/notes.txt", "N.");
        folder.Write("empty.md", " \n");
        using var host = Host();

        Assert.Equal(["a", "b", "license-checker"], (await host.Catalog.ListAsync(default)).Select(agent => agent.Name));
        Assert.Empty(host.Catalog.Problems);
    }

    [Fact]
    public async Task BrokenFile_IsReported_AndStopsNothingElse()
    {
        folder.Write("bad.md", "---\nname: bad\ntemperature: hot\n---\nBad.");
        folder.Write("good.md", "Good.");
        using var host = Host();

        Assert.Equal("good", Assert.Single(await host.Catalog.ListAsync(default)).Name);
        var problem = Assert.Single(host.Catalog.Problems);
        Assert.Equal(("bad.md", 3), (problem.File, problem.Line));
    }

    [Fact]
    public async Task SameName_TheFirstRootWins_AndBothAreNamed()
    {
        folder.Write("one.md", "---\nname: twin\n---\nFirst.");
        other.Write("two.md", "---\nname: TWIN\n---\nSecond.");
        using var host = AgentsHost.Create($"Roots:0={folder.Path}", $"Roots:1={other.Path}");

        Assert.Equal("First.", (await FindAsync(host, "twin"))!.SystemPrompt);
        Assert.Equal("Second.", (await FindAsync(host, "two.md"))!.SystemPrompt);
        var problem = Assert.Single(host.Catalog.Problems);
        Assert.Equal("two.md", problem.File);
        Assert.Contains($"'one.md' of {folder.Path}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangedFiles_AreReadAgain_ASecondLater()
    {
        var path = folder.Write("a.md", "One.");
        using var host = Host();
        Assert.Equal("One.", (await FindAsync(host, "a"))!.SystemPrompt);

        File.WriteAllText(path, "Two, longer.");
        folder.Write("b.md", "New.");
        Assert.Equal("One.", (await FindAsync(host, "a"))!.SystemPrompt);
        host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Two, longer.", (await FindAsync(host, "a"))!.SystemPrompt);
        Assert.NotNull(await FindAsync(host, "b"));
        File.Delete(path);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync(host, "a"));
    }

    [Fact]
    public async Task MissingRoot_IsEmpty_UntilItIsThere()
    {
        var root = Path.Combine(folder.Path, "later");
        using var host = AgentsHost.Create($"Roots:0={root}");
        Assert.Empty(await host.Catalog.ListAsync(default));

        folder.Write("later/a.md", "A.");
        host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(await host.Catalog.ListAsync(default));
    }

    [Fact]
    public async Task PutByApi_WinsOverFiles()
    {
        folder.Write("a.md", "From the file.");
        folder.Write("b.md", "B.");
        var documents = new Documents { ["a"] = "---\nname: A\n---\nFrom the API.", ["New-One"] = "New." };
        using var host = AgentsHost.Create(documents, $"Roots:0={folder.Path}");

        Assert.Equal("From the API.", (await FindAsync(host, "a"))!.SystemPrompt);
        Assert.Equal("From the file.", (await FindAsync(host, "a.md"))!.SystemPrompt);
        Assert.Equal("New-One", (await FindAsync(host, "new-one"))!.Name);
        Assert.Equal([("a", null), ("b", "b.md"), ("New-One", null)], (await host.Catalog.ListAsync(default)).Select(agent => (agent.Name, agent.Path)));

        documents["a"] = "Changed.";
        Assert.Equal("Changed.", (await FindAsync(host, "a"))!.SystemPrompt);
    }

    [Fact]
    public void Read_RefusesAnotherNameAndLocalPrograms()
    {
        using var host = Host();

        var (agent, none) = host.Catalog.Read("helper", "---\ndescription: Helps.\n---\nHelp.");
        var (_, renamed) = host.Catalog.Read("helper", "---\nname: other\n---\nHelp.");
        var (_, program) = host.Catalog.Read("helper", "---\ncommand: [rm, -rf, /]\n---\nHelp.");

        Assert.Empty(none);
        Assert.Equal(("helper", null), (agent!.Name, agent.Path));
        Assert.Contains("'other'", Assert.Single(renamed).Message, StringComparison.Ordinal);
        Assert.Contains("command", Assert.Single(program).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuiltIn_AreShipped_AndOwnFilesReplaceThem()
    {
        folder.Write("cto.md", "Our own CTO.");
        using var host = AgentsHost.Create("BuiltIn=true", $"Roots:0={folder.Path}");

        var agents = await host.Catalog.ListAsync(default);

        Assert.Equal("Our own CTO.", agents.Single(agent => agent.Name == "cto").SystemPrompt);
        Assert.Empty(host.Catalog.Problems);
        string[] roster =
        [
            "ceo", "cto", "cro", "coo", "requirements-analyst", "software-architect", "backend-developer", "frontend-developer", "code-reviewer",
            "test-engineer", "security-auditor", "performance-analyzer", "accessibility-expert", "devops-engineer", "release-manager", "technical-writer",
            "code-analyst", "generalist", "literature-reviewer", "source-collector", "metadata-extractor", "data-analyst", "market-researcher",
            "technology-assessor", "comparative-analyst", "trend-analyst", "gap-analyst", "research-synthesizer", "executive-editor", "report-writer",
            "research-director", "project-manager", "backlog-manager", "status-reporter",
        ];
        Assert.Equal(roster.Order(StringComparer.Ordinal), agents.Select(agent => agent.Name).Order(StringComparer.Ordinal));
        Assert.All(agents, agent => Assert.Null(agent.Provider));
        Assert.All(agents.Where(agent => agent.ReportsTo is not null), agent => Assert.Contains(agent.ReportsTo, roster));
        Assert.Equal(["ceo", "coo", "cro"], agents.Where(agent => agent.Role == AgentRole.Executive).Select(agent => agent.Name));
    }

    private static Task<AgentDefinition?> FindAsync(AgentsHost host, string name) => host.Catalog.FindAsync(name, CancellationToken.None);

    private AgentsHost Host() => AgentsHost.Create($"Roots:0={folder.Path}");

    private sealed class Documents : IDocumentStore
    {
        private readonly Dictionary<string, Document> texts = new(StringComparer.Ordinal);

        public string this[string name]
        {
            set => texts[name] = new(DocumentKinds.Agent, name, texts.TryGetValue(name, out var old) ? old.Version + 1 : 1, value, "local", default);
        }

        public Task<Document?> GetAsync(string kind, string name, int? version, CancellationToken cancellationToken) => Task.FromResult(texts.GetValueOrDefault(name));

        public Task<IReadOnlyList<Document>> ListAsync(string kind, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Document>>([.. texts.Values.OrderBy(document => document.Name, StringComparer.Ordinal)]);

        public Task<Document> PutAsync(string kind, string name, string text, string user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string kind, string name, string user, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
