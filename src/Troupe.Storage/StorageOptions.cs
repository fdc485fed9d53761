namespace Troupe.Storage;

/// <summary>Where the embedded host keeps its records.</summary>
public sealed class StorageOptions
{
    /// <summary>
    /// The folder of <c>records.db</c> and <c>artifacts/</c>. It is created where it is missing, readable by its owner only, and one
    /// process at a time may use it. Default <c>data</c> below the working directory.
    /// </summary>
    public string DataFolder { get; set; } = "data";
}
