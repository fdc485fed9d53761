using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Testing;

namespace Troupe.Core.Tests.Definitions;

public sealed class WorkflowCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-definitions-").FullName;
    private readonly ManualTimeProvider _time = new();
    private readonly Documents _documents = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FindAsync_FileAndDocument_TheDocumentWinsUntilItIsDeleted()
    {
        Write("demo.yaml", Text("demo", "from the file"));
        var catalog = Catalog();
        var file = (await catalog.FindAsync("demo", CancellationToken.None))!;
        Assert.Equal(("from the file", Path.Combine(_folder, "demo.yaml")), (file.Definition.Description, file.File));
        Assert.Equal(16, file.Version.Length);

        _documents.Put("demo", Text("demo", "put"), 1);
        var put = (await catalog.FindAsync("demo", CancellationToken.None))!;
        Assert.Equal(("put", "1", null), (put.Definition.Description, put.Version, put.File));
        Assert.Same(put, await catalog.FindAsync("demo", CancellationToken.None));

        _documents.Put("demo", Text("demo", "put again"), 2);
        Assert.Equal("2", (await catalog.FindAsync("demo", CancellationToken.None))!.Version);
        _documents.All.Remove("demo");
        Assert.Equal("from the file", (await catalog.FindAsync("demo", CancellationToken.None))!.Definition.Description);
        Assert.Null(await catalog.FindAsync("../demo", CancellationToken.None));
    }

    [Fact]
    public async Task ListAsync_Pipe_IsNotReadFrom()
    {
        Write("a.yaml", Text("a"));
        if (OperatingSystem.IsLinux())
        {
            using var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_folder, "pipe.yaml"));
            await mkfifo.WaitForExitAsync();
        }

        Assert.Equal("a", Assert.Single(await Catalog().ListAsync(CancellationToken.None)).Definition.Name);
    }

    [Fact]
    public async Task ListAsync_AllValidOnes_ByName()
    {
        Write("b.yml", Text("b"));
        Write("a.json", """{"name":"a","phases":[{"id":"p","tasks":[{"id":"t","agent":"w","prompt":"p"}]}]}""");
        Write("notes.txt", "not a definition");
        Write("broken.yaml", "name: broken\nphases: 3");
        _documents.Put("c", Text("c"), 1);
        _documents.Put("b", Text("b", "put"), 1);
        var catalog = Catalog();
        var list = await catalog.ListAsync(CancellationToken.None);
        Assert.Equal(["a", "b", "c"], list.Select(source => source.Definition.Name));
        Assert.Equal("put", list[1].Definition.Description);
        var problem = Assert.Single(catalog.Problems);
        Assert.Equal((Path.Combine(_folder, "broken.yaml"), 2), (problem.File, problem.Line));
    }

    [Fact]
    public async Task FindAsync_ChangedFile_IsReadAgainAfterTheRecheckTime()
    {
        Write("demo.yaml", Text("demo", "one"));
        var catalog = Catalog();
        var first = await catalog.FindAsync("demo", CancellationToken.None);
        Write("demo.yaml", Text("demo", "number two"));
        Write("other.yaml", Text("other"));
        Assert.Same(first, await catalog.FindAsync("demo", CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("number two", (await catalog.FindAsync("demo", CancellationToken.None))!.Definition.Description);
        var other = await catalog.FindAsync("other", CancellationToken.None);
        Assert.NotNull(other);

        File.Delete(Path.Combine(_folder, "demo.yaml"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await catalog.FindAsync("demo", CancellationToken.None));
        Assert.Same(other, await catalog.FindAsync("other", CancellationToken.None));
    }

    [Fact]
    public async Task Problems_TwoFilesOfOneName_NameBoth()
    {
        Write("a.yaml", Text("same", "first"));
        Write("b.yaml", Text("same", "second"));
        var catalog = Catalog();
        Assert.Equal("first", (await catalog.FindAsync("same", CancellationToken.None))!.Definition.Description);
        var problem = Assert.Single(catalog.Problems);
        Assert.Contains(Path.Combine(_folder, "a.yaml"), problem.Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folder, "b.yaml"), problem.File);
    }

    [Fact]
    public async Task Problems_DocumentThatIsWrong_IsNotFoundAndReported()
    {
        _documents.Put("bad", "phases: 1", 1);
        _documents.Put("alias", Text("other"), 1);
        var catalog = Catalog();
        Assert.Empty(await catalog.ListAsync(CancellationToken.None));
        Assert.Null(await catalog.FindAsync("bad", CancellationToken.None));
        Assert.Contains(catalog.Problems, problem => problem.Message.Contains("calls itself \"other\"", StringComparison.Ordinal));
        _documents.All.Clear();
        await catalog.ListAsync(CancellationToken.None);
        Assert.Empty(catalog.Problems);
    }

    [Fact]
    public void Problems_FileTooLarge_IsReportedAndNotRead()
    {
        Write("large.yaml", new string('#', (1 << 20) + 1));
        Assert.Contains("at most 1048576", Assert.Single(Catalog().Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_FolderThatDoesNotExist_IsEmpty()
    {
        var catalog = new WorkflowCatalog(new WorkflowCatalogOptions { Folders = [Path.Combine(_folder, "none")] }, _documents, _time);
        Assert.Empty(await catalog.ListAsync(CancellationToken.None));
        Assert.Empty(catalog.Problems);
    }

    private static string Text(string name, string description = "d") =>
        $"name: {name}\ndescription: {description}\nphases: [{{id: p, tasks: [{{id: t, agent: w, prompt: p}}]}}]";

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private WorkflowCatalog Catalog() => new(new WorkflowCatalogOptions { Folders = [_folder] }, _documents, _time);

    private sealed class Documents : IDocumentStore
    {
        public Dictionary<string, Document> All { get; } = [];

        public void Put(string name, string text, int version) =>
            All[name] = new Document(DocumentKinds.Definition, name, version, text, "ada", DateTimeOffset.UnixEpoch);

        public Task<Document> PutAsync(string kind, string name, string text, string user, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Document?> GetAsync(string kind, string name, int? version, CancellationToken cancellationToken) =>
            Task.FromResult(kind == DocumentKinds.Definition ? All.GetValueOrDefault(name) : null);

        public Task<IReadOnlyList<Document>> ListAsync(string kind, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Document>>([.. All.Values]);

        public Task<bool> DeleteAsync(string kind, string name, string user, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
