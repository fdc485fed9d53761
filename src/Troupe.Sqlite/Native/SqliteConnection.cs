using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Troupe.Sqlite.Native;

/// <summary>One open connection. It is used by one thread at a time.</summary>
internal sealed unsafe class SqliteConnection : IDisposable
{
    private GCHandle _self;

    private SqliteConnection(nint handle)
    {
        Handle = handle;
        Session = new SqliteSession(this);
    }

    internal nint Handle { get; private set; }

    internal SqliteSession Session { get; }

    /// <summary>How many pages the write-ahead log held after the last commit; kept up to date once <see cref="WatchLog"/> was called.</summary>
    internal int LogPages { get; private set; }

    internal bool InTransaction => SqliteApi.GetAutocommit(Handle) == 0;

    internal static SqliteConnection Open(string path, bool readOnly, TimeSpan busyTimeout)
    {
        var flags = SqliteApi.OpenNoMutex | (readOnly ? SqliteApi.OpenReadOnly : SqliteApi.OpenReadWrite | SqliteApi.OpenCreate);
        var code = SqliteApi.Open(path, out var handle, flags, nint.Zero);
        if (code != SqliteApi.Ok)
        {
            var error = SqliteException.From(handle, code, $"open '{path}'");
            _ = SqliteApi.Close(handle);
            throw error;
        }

        _ = SqliteApi.BusyTimeout(handle, (int)busyTimeout.TotalMilliseconds);
        return new SqliteConnection(handle);
    }

    /// <summary>Takes the write-ahead log's growth into <see cref="LogPages"/> and turns SQLite's own checkpoints off.</summary>
    internal void WatchLog()
    {
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _ = SqliteApi.WalHook(Handle, &OnCommit, GCHandle.ToIntPtr(_self));
    }

    /// <summary>Copies what it can from the write-ahead log into the database file, and returns how many pages were left behind.</summary>
    internal int Checkpoint(int mode)
    {
        var code = SqliteApi.Checkpoint(Handle, null, mode, out var logPages, out var copiedPages);
        if (code is not (SqliteApi.Ok or SqliteApi.Busy)) throw SqliteException.From(Handle, code, "checkpoint");
        return Math.Max(0, logPages - copiedPages);
    }

    public void Dispose()
    {
        if (Handle == nint.Zero) return;
        Session.Close();
        _ = SqliteApi.Close(Handle);
        Handle = nint.Zero;
        if (_self.IsAllocated) _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCommit(nint state, nint database, byte* name, int pages)
    {
        if (GCHandle.FromIntPtr(state).Target is SqliteConnection connection) connection.LogPages = pages;
        return SqliteApi.Ok;
    }
}
