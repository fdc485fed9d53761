using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Troupe.Sqlite.Native;

namespace Troupe.Testing.Disk;

/// <summary>
/// Stands between SQLite and the operating system's files: a copy of SQLite's own file system in which opening a file that lies on a
/// <see cref="FaultyDisk"/> replaces the functions that change it. All others, and all other files, are SQLite's.
/// </summary>
internal static unsafe class SqliteFiles
{
    private const int IoErrorWrite = 10 | (3 << 8);
    private const int IoErrorSync = 10 | (4 << 8);
    private const int IoErrorTruncate = 10 | (6 << 8);
    private const int Full = 13;

    private static readonly ConcurrentDictionary<FaultyDisk, byte> Disks = [];
    private static readonly ConcurrentDictionary<nint, OpenFile> Files = [];
    private static readonly ConcurrentDictionary<nint, nint> Replaced = [];
    private static readonly FileSystem* Original = Install();

    internal static void Add(FaultyDisk disk)
    {
        RuntimeHelpers.RunClassConstructor(typeof(SqliteFiles).TypeHandle);
        Disks.TryAdd(disk, 0);
    }

    internal static void Remove(FaultyDisk disk) => Disks.TryRemove(disk, out _);

    private static FileSystem* Install()
    {
        var library = SqliteLibrary.Handle;
        var find = (delegate* unmanaged[Cdecl]<byte*, FileSystem*>)NativeLibrary.GetExport(library, "sqlite3_vfs_find");
        var register = (delegate* unmanaged[Cdecl]<FileSystem*, int, int>)NativeLibrary.GetExport(library, "sqlite3_vfs_register");
        var original = find(null);
        var copy = (FileSystem*)NativeMemory.Alloc((nuint)sizeof(FileSystem));
        *copy = *original;
        copy->Next = null;
        copy->Name = (byte*)Marshal.StringToCoTaskMemUTF8("faulty");
        copy->Open = &Open;
        if (register(copy, 1) != 0) throw new InvalidOperationException("SQLite refused the file system under test.");
        return original;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(FileSystem* system, byte* name, nint file, int flags, int* outFlags)
    {
        var code = Original->Open(system, name, file, flags, outFlags);
        if (code != 0 || name is null || Marshal.PtrToStringUTF8((nint)name) is not { } path) return code;
        foreach (var disk in Disks.Keys)
        {
            if (!disk.Holds(path)) continue;
            var methods = *(FileMethods**)file;
            Files[file] = new OpenFile(disk, path, (nint)methods);
            *(FileMethods**)file = (FileMethods*)Replaced.GetOrAdd((nint)methods, static original => Replace((FileMethods*)original));
            break;
        }

        return code;
    }

    private static nint Replace(FileMethods* original)
    {
        var copy = (FileMethods*)NativeMemory.Alloc((nuint)sizeof(FileMethods));
        *copy = *original;
        copy->Close = &Close;
        copy->Write = &Write;
        copy->Truncate = &Truncate;
        copy->Sync = &Sync;
        return (nint)copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(nint file)
    {
        Files.TryRemove(file, out var open);
        return open.Methods->Close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint file, byte* data, int length, long offset)
    {
        var open = Files[file];
        switch (open.Disk.Judge(DiskAction.Write, open.Path, offset + length))
        {
            case DiskVerdict.Done:
                return open.Methods->Write(file, data, length, offset);
            case DiskVerdict.Full:
                return Full;
            case DiskVerdict.Torn:
                _ = open.Methods->Write(file, data, length / 2, offset);
                return IoErrorWrite;
            default:
                return IoErrorWrite;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(nint file, long size)
    {
        var open = Files[file];
        return open.Disk.Judge(DiskAction.Truncate, open.Path, size) == DiskVerdict.Done ? open.Methods->Truncate(file, size) : IoErrorTruncate;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(nint file, int flags)
    {
        var open = Files[file];
        return open.Disk.Judge(DiskAction.Sync, open.Path, 0) == DiskVerdict.Done ? open.Methods->Sync(file, flags) : IoErrorSync;
    }

    private readonly record struct OpenFile(FaultyDisk Disk, string Path, nint Pointer)
    {
        public FileMethods* Methods => (FileMethods*)Pointer;
    }

    /// <summary>sqlite3_vfs, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileSystem
    {
        public int Version;
        public int FileSize;
        public int MaxPath;
        public FileSystem* Next;
        public byte* Name;
        public void* Data;
        public delegate* unmanaged[Cdecl]<FileSystem*, byte*, nint, int, int*, int> Open;
        public Functions15 Others;
    }

    /// <summary>sqlite3_io_methods, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileMethods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<nint, int> Close;
        public nint Read;
        public delegate* unmanaged[Cdecl]<nint, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<nint, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<nint, int, int> Sync;
        public Functions13 Others;
    }

    [InlineArray(15)]
    private struct Functions15
    {
        private nint _first;
    }

    [InlineArray(13)]
    private struct Functions13
    {
        private nint _first;
    }
}
