using System.Runtime.InteropServices;

namespace Weft.Bpf.Interop;

/// <content>The thin wrappers of bpf(2) commands, and tc over netlink.</content>
internal static unsafe partial class LibBpf
{
    /// <summary>Returns a descriptor.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MapCreate(uint type, string? name, uint keySize, uint valueSize, uint maxEntries, MapCreateOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_elem")]
    public static partial int MapUpdate(SafeHandle fd, byte* key, byte* value, ulong flags);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_elem_flags")]
    public static partial int MapLookup(SafeHandle fd, byte* key, byte* value, ulong flags);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_and_delete_elem")]
    public static partial int MapLookupAndDelete(SafeHandle fd, byte* key, byte* value);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_elem")]
    public static partial int MapDelete(SafeHandle fd, byte* key);

    [LibraryImport(Library, EntryPoint = "bpf_map_get_next_key")]
    public static partial int MapGetNextKey(SafeHandle fd, byte* key, byte* nextKey);

    [LibraryImport(Library, EntryPoint = "bpf_map_freeze")]
    public static partial int MapFreeze(SafeHandle fd);

    /// <summary>-ENOENT together with a count: the last batch.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_batch")]
    public static partial int MapLookupBatch(
        SafeHandle fd, void* inBatch, void* outBatch, byte* keys, byte* values, ref uint count, BatchOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_batch")]
    public static partial int MapUpdateBatch(SafeHandle fd, byte* keys, byte* values, ref uint count, BatchOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_batch")]
    public static partial int MapDeleteBatch(SafeHandle fd, byte* keys, ref uint count, BatchOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_obj_pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ObjPin(SafeHandle fd, string path);

    /// <summary>Returns a descriptor.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_obj_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ObjGet(string path);

    /// <summary>Returns a descriptor.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map_get_fd_by_id")]
    public static partial int MapGetFdById(uint id);

    /// <summary>Returns a descriptor.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_prog_get_fd_by_id")]
    public static partial int ProgGetFdById(uint id);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get_info_by_fd")]
    public static partial int ObjGetInfoByFd(SafeHandle fd, void* info, ref uint size);

    /// <summary>Returns a descriptor.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_prog_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ProgLoad(uint type, string name, string license, ulong* instructions, nuint count, ProgramLoadOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_prog_test_run_opts")]
    public static partial int ProgTestRun(SafeHandle fd, TestRunOptions* options);

    /// <summary>Returns a descriptor. The target is a cgroup's descriptor, or of TCX an interface index in the thread's network namespace.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_link_create")]
    public static partial int LinkCreate(SafeHandle program, int target, uint attachType, void* options);

    /// <summary>Returns a descriptor. Without a name the program says which tracepoint it is for.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_raw_tracepoint_open")]
    public static partial int RawTracepointOpen(nint name, SafeHandle program);

    [LibraryImport(Library, EntryPoint = "bpf_link_update")]
    public static partial int LinkUpdate(SafeHandle link, SafeHandle program, void* options);

    [LibraryImport(Library, EntryPoint = "bpf_link_detach")]
    public static partial int LinkDetach(SafeHandle link);

    [LibraryImport(Library, EntryPoint = "bpf_tc_hook_create")]
    public static partial int TcHookCreate(TcHookOptions* hook);

    [LibraryImport(Library, EntryPoint = "bpf_tc_attach")]
    public static partial int TcAttach(TcHookOptions* hook, TcOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_tc_detach")]
    public static partial int TcDetach(TcHookOptions* hook, TcOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_tc_query")]
    public static partial int TcQuery(TcHookOptions* hook, TcOptions* options);
}
