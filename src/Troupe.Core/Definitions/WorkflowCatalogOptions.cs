namespace Troupe.Core.Definitions;

/// <summary>Where workflow definitions are.</summary>
public sealed class WorkflowCatalogOptions
{
    /// <summary>Folders whose <c>*.yaml</c>, <c>*.yml</c> and <c>*.json</c> files (not those of folders below) are definitions. Earlier folders win. One that does not exist is empty.</summary>
    public IList<string> Folders { get; init; } = ["workflows"];

    /// <summary>Changes of files are noticed after at most this long. Default 1 second.</summary>
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(1);
}
