using System.Globalization;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IDocumentStore"/>: every version stays readable.</summary>
public abstract class DocumentStoreContract : StoreContract
{
    private const string Kind = DocumentKinds.Agent;

    private IDocumentStore Documents => Stores.Documents;

    [Fact]
    public async Task PutAsync_NewTexts_AreNewVersions()
    {
        var first = await PutAsync("coder", "one");
        Time.Advance(TimeSpan.FromMinutes(1));
        var second = await PutAsync("coder", SampleRecords.Unicode, "bob");

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal(new Document(Kind, "coder", 2, SampleRecords.Unicode, "bob", Time.GetUtcNow()), second);
        Assert.Equal(second, await GetAsync("coder"));
        Assert.Equal(second, await GetAsync("coder", 2));
        Assert.Equal(first, await GetAsync("coder", 1));
    }

    [Fact]
    public async Task PutAsync_SameText_IsTheSameVersion()
    {
        var first = await PutAsync("coder", "one");

        Assert.Equal(first, await PutAsync("coder", "one", "bob"));
        await PutAsync("coder", "two");
        Assert.Equal(3, (await PutAsync("coder", "one")).Version);
    }

    [Fact]
    public async Task PutAsync_ManyAtOnce_NumbersThemWithoutRepetition()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(
            () => PutAsync("coder", n.ToString(CultureInfo.InvariantCulture)))));

        Assert.Equal(Enumerable.Range(1, 30), versions.Select(static document => document.Version).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public async Task GetAsync_UnknownVersion_IsNull(int version)
    {
        await PutAsync("coder", "one");

        Assert.Null(await GetAsync("coder", version));
    }

    [Fact]
    public async Task GetAsync_OtherNameOrKind_IsNull()
    {
        await PutAsync("coder", "one");

        Assert.Null(await GetAsync("Coder"));
        Assert.Null(await Documents.GetAsync(DocumentKinds.Definition, "coder", null, default));
    }

    [Fact]
    public async Task DeleteAsync_Existing_HidesItAndKeepsOldVersions()
    {
        var first = await PutAsync("coder", "one");

        Assert.True(await Documents.DeleteAsync(Kind, "coder", "bob", default));

        Assert.Null(await GetAsync("coder"));
        Assert.Equal(first, await GetAsync("coder", 1));
        Assert.Empty(await Documents.ListAsync(Kind, default));
        Assert.False(await Documents.DeleteAsync(Kind, "coder", "bob", default));
        Assert.False(await Documents.DeleteAsync(Kind, "none", "bob", default));
    }

    [Fact]
    public async Task PutAsync_AfterADeletion_IsANewVersionEvenOfTheSameText()
    {
        await PutAsync("coder", "one");
        await Documents.DeleteAsync(Kind, "coder", "bob", default);

        var again = await PutAsync("coder", "one");

        Assert.True(again.Version > 1);
        Assert.Equal(again, await GetAsync("coder"));
        Assert.Equal([again], await Documents.ListAsync(Kind, default));
    }

    [Fact]
    public async Task ListAsync_GivesTheNewestOfEachByName()
    {
        await PutAsync("writer", "w");
        await PutAsync("coder", "c1");
        var coder = await PutAsync("coder", "c2");
        await PutAsync("Reviewer", "r");
        await Documents.PutAsync(DocumentKinds.Definition, "deploy", "d", "ada", default);

        var listed = await Documents.ListAsync(Kind, default);

        Assert.Equal(["Reviewer", "coder", "writer"], listed.Select(static document => document.Name));
        Assert.Equal(coder, listed[1]);
    }

    [Fact]
    public async Task PutAsync_LargeText_ComesBackAsItWas()
    {
        var text = string.Concat(Enumerable.Repeat("ä🎭\r\n", 100_000));

        await PutAsync("coder", text);

        Assert.Equal(text, (await GetAsync("coder"))!.Text);
    }

    private Task<Document> PutAsync(string name, string text, string user = "ada") => Documents.PutAsync(Kind, name, text, user, default);

    private Task<Document?> GetAsync(string name, int? version = null) => Documents.GetAsync(Kind, name, version, default);
}
