using System.Runtime.InteropServices;
using System.Text;

namespace Troupe.Acceptance.Hosting;

/// <summary>Looks into a database that no server has open any more, by the SQLite library that lies beside the program.</summary>
internal static class SqliteFile
{
    private const int Row = 100;

    private delegate int Open(byte[] path, out nint database);

    private delegate int Prepare(nint database, byte[] sql, int length, out nint statement, out nint tail);

    private delegate int Step(nint statement);

    private delegate nint Column(nint statement, int column);

    /// <summary>The first line of PRAGMA integrity_check: <c>ok</c> where the file is sound.</summary>
    public static string Check(string path)
    {
        var library = NativeLibrary.Load(Library());
        var opened = Get<Open>(library, "sqlite3_open")(Encoding.UTF8.GetBytes(path + '\0'), out var database);
        Assert.True(opened == 0, $"SQLite error {opened} on {path}.");
        var prepared = Get<Prepare>(library, "sqlite3_prepare_v2")(database, "PRAGMA integrity_check\0"u8.ToArray(), -1, out var statement, out _);
        Assert.True(prepared == 0, $"SQLite error {prepared} on {path}.");
        var stepped = Get<Step>(library, "sqlite3_step")(statement);
        Assert.True(stepped == Row, $"SQLite error {stepped} on {path}.");
        var said = Marshal.PtrToStringUTF8(Get<Column>(library, "sqlite3_column_text")(statement, 0))!;
        _ = Get<Step>(library, "sqlite3_finalize")(statement);
        _ = Get<Step>(library, "sqlite3_close")(database);
        return said;
    }

    private static T Get<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private static string Library() =>
        Path.Combine(Path.GetDirectoryName(ProgramFiles.Program)!, "runtimes", $"{RuntimeInformation.RuntimeIdentifier}", "native", "libe_sqlite3.so");
}
