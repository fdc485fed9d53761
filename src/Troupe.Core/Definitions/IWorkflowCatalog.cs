namespace Troupe.Core.Definitions;

/// <summary>The workflows that runs can name: files of the configured folders, and those put by API, which win over files of the same name.</summary>
public interface IWorkflowCatalog
{
    Task<WorkflowSource?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>All that are valid, by name.</summary>
    Task<IReadOnlyList<WorkflowSource>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What is wrong with files that could not be read.</summary>
    IReadOnlyList<Problem> Problems { get; }
}

/// <param name="Definition">As read.</param>
/// <param name="Text">As written, YAML or JSON.</param>
/// <param name="Version">The document's version, or a hash of the file.</param>
/// <param name="File">The file it is from; null where it was put by API.</param>
public sealed record WorkflowSource(WorkflowDefinition Definition, string Text, string Version, string? File);
