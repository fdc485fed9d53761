using Troupe.Durable;

namespace Troupe.Storage.Artifacts;

/// <summary>Tells failures of the disk that artifacts lie on from those of whoever sends one.</summary>
internal static class ArtifactDisk
{
    /// <exception cref="StoreUnavailableException">The disk is full or fails.</exception>
    public static async Task<T> DoAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        // The latter is how .NET reports a file longer than the process's limit.
        catch (Exception failure) when (failure is IOException or ArgumentOutOfRangeException)
        {
            throw new StoreUnavailableException($"The folder of artifacts cannot be written. {Advise(failure)}", failure);
        }
    }

    /// <inheritdoc cref="DoAsync{T}"/>
    public static Task DoAsync(Action work) => DoAsync(() =>
    {
        work();
        return Task.FromResult(true);
    });

    private static string Advise(Exception failure) => IsFull(failure.HResult & 0xFFFF)
        ? "The disk is full: free some space; nothing is lost and no restart is needed."
        : "The file system failed: check the disk, and the limits on the size of files; nothing that was answered is lost.";

    /// <summary>Linux's ENOSPC and EDQUOT, or Windows' ERROR_DISK_FULL.</summary>
    private static bool IsFull(int code) => OperatingSystem.IsWindows() ? code == 112 : code is 28 or 122;
}
