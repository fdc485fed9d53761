using Microsoft.Extensions.Options;

namespace Troupe.Storage;

/// <summary>The places of the files below the data folder.</summary>
internal sealed class StorageFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;

    public StorageFolder(IOptions<StorageOptions> options)
    {
        var folder = options.Value.DataFolder;
        if (string.IsNullOrWhiteSpace(folder))
            throw new ArgumentException($"{nameof(StorageOptions.DataFolder)} is '{folder}': name the folder that is to hold the records.", nameof(options));
        _path = Path.GetFullPath(folder);
    }

    public string Records => Path.Combine(_path, "records.db");

    public string Artifacts => Path.Combine(_path, "artifacts");

    public void Create() => Create(_path);

    /// <summary>Creates a folder that nobody else on the machine may look into.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }
}
