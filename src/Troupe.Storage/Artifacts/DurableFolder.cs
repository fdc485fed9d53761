using System.Runtime.InteropServices;

namespace Troupe.Storage.Artifacts;

/// <summary>Makes the names in a folder durable: a file that was renamed into it is there after a power failure.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder cannot be opened, or the disk refuses.</exception>
    public static void Sync(string path)
    {
        // Windows journals names by itself and opens no folders.
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw Failure("open", path);
        try
        {
            if (Fsync(descriptor) != 0) throw Failure("sync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string doing, string path) =>
        new($"Could not {doing} the folder '{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
