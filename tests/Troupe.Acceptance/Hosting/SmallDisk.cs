using System.Diagnostics;
using System.Globalization;

namespace Troupe.Acceptance.Hosting;

/// <summary>A data folder whose disk can be filled and emptied under a running server.</summary>
internal abstract class SmallDisk : IDisposable
{
    private protected readonly TemporaryFolder Folder = new();

    public string Path => Folder.Path;

    /// <summary>What an operator is told to do while it is full.</summary>
    public abstract string Advice { get; }

    /// <summary>A small file system in memory, which takes root; see <see cref="MountFactAttribute"/>.</summary>
    public static SmallDisk Mount()
    {
        var disk = new Mounted();
        Run("mount", "-t", "tmpfs", "-o", "size=48m", "troupe-acceptance", disk.Path);
        return disk;
    }

    /// <summary>Any folder: what is full is the longest file that the server may write; see <see cref="FileLimitFactAttribute"/>.</summary>
    public static SmallDisk Limit() => new Limited();

    public abstract void Fill(ServerProcess server);

    public abstract void Free(ServerProcess server);

    public virtual void Dispose() => Folder.Dispose();

    /// <summary>Runs one of the system's tools, which take no time.</summary>
    internal static void Run(string program, params IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', args)}: {complaint}");
    }

    private sealed class Mounted : SmallDisk
    {
        public override string Advice => "The disk is full: free some space";

        private string Ballast => System.IO.Path.Combine(Path, "ballast");

        public override void Fill(ServerProcess server)
        {
            using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[4096];
            try
            {
                while (true)
                    file.Write(block);
            }
            catch (IOException full) when (full.Message.Contains("No space left", StringComparison.Ordinal))
            {
                // That is what was wanted.
            }
        }

        public override void Free(ServerProcess server) => File.Delete(Ballast);

        public override void Dispose()
        {
            Run("umount", "--lazy", Path);
            base.Dispose();
        }
    }

    private sealed class Limited : SmallDisk
    {
        public override string Advice => "The file system failed: check the disk, and the limits on the size of files";

        public override void Fill(ServerProcess server) => Set(server, "4096");

        public override void Free(ServerProcess server) => Set(server, "unlimited");

        /// <summary>The soft limit alone, so that it can be lifted again.</summary>
        private static void Set(ServerProcess server, string bytes) =>
            Run("prlimit", "--pid", server.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:");
    }
}
