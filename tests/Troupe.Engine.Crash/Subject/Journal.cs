using System.Globalization;
using System.Text;

namespace Troupe.Engine.Crash.Subject;

/// <summary>
/// What activities do, told by themselves and outside the engine's file. Each line is handed to the operating system before the activity
/// goes on, so the end of the process takes none away. Every process of a run has a file of its own.
/// </summary>
internal sealed class Journal(string folder, int process, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(PathOf(folder, process), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public string Folder => folder;

    public static string PathOf(string folder, int process) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"journal-{process}.log"));

    public static IReadOnlyList<JournalLine> Read(string folder, int process)
    {
        var path = PathOf(folder, process);
        return File.Exists(path) ? [.. File.ReadLines(path).Select(JournalLine.Parse)] : [];
    }

    public void Write(JournalMark mark, WorkKey key, long notBefore = 0)
    {
        lock (_gate) _file.Write(Encoding.UTF8.GetBytes(new JournalLine(mark, time.GetUtcNow().UtcTicks, key, notBefore) + "\n"));
    }

    public void Dispose() => _file.Dispose();
}
