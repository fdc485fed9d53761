namespace Troupe.Acceptance.Hosting;

/// <summary>Skipped, with the reason, where no file system can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Try);

    public MountFactAttribute() => Skip = Reasons.ToSkip(Reasons.OwnServer) ?? Obstacle.Value;

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "Needs Linux and root, to mount a small file system.";
        try
        {
            SmallDisk.Mount().Dispose();
            return null;
        }
        catch (Exception failure)
        {
            return $"No small file system can be mounted here: {failure.Message}";
        }
    }
}

/// <summary>Skipped, with the reason, where the limits of a running process cannot be set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FileLimitFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Try);

    public FileLimitFactAttribute() => Skip = Reasons.ToSkip(Reasons.OwnServer) ?? Obstacle.Value;

    private static string? Try()
    {
        try
        {
            SmallDisk.Run("prlimit", "--version");
            return null;
        }
        catch (Exception failure)
        {
            return $"Needs prlimit, of util-linux: {failure.Message}";
        }
    }
}
