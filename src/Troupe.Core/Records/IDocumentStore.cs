namespace Troupe.Core.Records;

/// <summary>Versioned texts put by API: agent files and workflow definitions. Old versions are kept.</summary>
public interface IDocumentStore
{
    /// <summary>Puts a new version and returns it. The same text as the newest version makes no new one.</summary>
    Task<Document> PutAsync(string kind, string name, string text, string user, CancellationToken cancellationToken);

    /// <summary>The newest version (or the given one), or null; also null when the newest is a deletion.</summary>
    Task<Document?> GetAsync(string kind, string name, int? version, CancellationToken cancellationToken);

    /// <summary>The newest versions of all that are not deleted, by name.</summary>
    Task<IReadOnlyList<Document>> ListAsync(string kind, CancellationToken cancellationToken);

    /// <summary>Marks it deleted; false where there is none.</summary>
    Task<bool> DeleteAsync(string kind, string name, string user, CancellationToken cancellationToken);
}

/// <param name="Version">1, 2, 3 …</param>
public sealed record Document(string Kind, string Name, int Version, string Text, string User, DateTimeOffset At);

public static class DocumentKinds
{
    public const string Agent = "agent";
    public const string Definition = "definition";
}
