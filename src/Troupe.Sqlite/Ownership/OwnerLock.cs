using System.Globalization;

namespace Troupe.Sqlite.Ownership;

/// <summary>
/// Held while a process owns a database. The operating system lets go of it when the process ends, however it ends; the file that
/// it is taken on stays, because deleting it would let two processes hold locks on two files of one name. Who owns it stands in a
/// second file, because a locked one can't be read.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    private OwnerLock(FileStream file) => _file = file;

    /// <exception cref="SqliteDatabaseInUseException">Another owner holds it.</exception>
    internal static OwnerLock Take(string databasePath, TimeProvider time)
    {
        var path = databasePath + ".lock";
        var note = databasePath + ".owner";
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new SqliteDatabaseInUseException(databasePath, ReadOwner(note), exception);
        }

        LeaveNote(note, time);
        return new OwnerLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static void LeaveNote(string note, TimeProvider time)
    {
        var owner = string.Create(
            CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {time.GetUtcNow():u}");
        try
        {
            File.WriteAllText(note, owner);
        }
        catch (IOException)
        {
            // On a full disk the owner goes unnamed: no reason not to serve what is there.
        }
    }

    private static string ReadOwner(string note)
    {
        try
        {
            return File.ReadAllText(note) is { Length: > 0 } owner ? owner : "a process that has not said who it is yet";
        }
        catch (IOException)
        {
            return "a process that cannot be named";
        }
    }
}
