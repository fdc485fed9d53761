using System.Runtime.InteropServices;

namespace Troupe.Sqlite.Native;

/// <summary>Chooses the SQLite that is used: the machine's own, which its administrator patches, or else the bundled one.</summary>
internal static unsafe class SqliteLibrary
{
    /// <summary>3.35 brought RETURNING, which the stores use.</summary>
    private static readonly Version Oldest = new(3, 35, 0);

    private static readonly string[] SystemNames =
        OperatingSystem.IsWindows() ? ["winsqlite3"]
        : OperatingSystem.IsMacOS() ? ["/usr/lib/libsqlite3.dylib", "libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];

    private static readonly Lazy<(nint Handle, string? Name)> Chosen = new(Choose);

    /// <summary>The version, and where the library comes from, for the log.</summary>
    internal static string Description =>
        $"{SqliteApi.Text(SqliteApi.LibVersion())} ({(Chosen.Value.Name is { } name ? $"the machine's {name}" : "bundled")})";

    /// <summary>The library in use.</summary>
    internal static nint Handle => Chosen.Value.Handle != nint.Zero
        ? Chosen.Value.Handle
        : NativeLibrary.Load(SqliteApi.Library, typeof(SqliteLibrary).Assembly, searchPath: null);

    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(SqliteLibrary).Assembly, static (name, _, _) =>
            name == SqliteApi.Library ? Chosen.Value.Handle : nint.Zero);

    private static (nint Handle, string? Name) Choose()
    {
        foreach (var name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                if (IsUsable(handle)) return (handle, name);
                NativeLibrary.Free(handle);
            }
        }

        return (nint.Zero, null);
    }

    private static bool IsUsable(nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, "sqlite3_libversion", out var version)
            || !NativeLibrary.TryGetExport(handle, "sqlite3_threadsafe", out var threadSafe))
        {
            return false;
        }

        return ((delegate* unmanaged[Cdecl]<int>)threadSafe)() != 0
            && Version.TryParse(Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)version)()), out var found)
            && found >= Oldest;
    }

}
