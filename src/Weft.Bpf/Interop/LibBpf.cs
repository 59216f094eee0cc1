using System.Runtime.InteropServices;

namespace Weft.Bpf.Interop;

/// <summary>libbpf 1.x. Every <c>int</c> result below zero is -errno; errno itself is not consulted.</summary>
/// <remarks>Functions that return a descriptor are declared <c>int</c>: a SafeHandle result would make -2 look valid.</remarks>
internal static unsafe partial class LibBpf
{
    private const string Library = "libbpf.so.1";

    /// <summary>Returns the previous function. Process-wide; see <see cref="LibBpfLog"/>.</summary>
    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(delegate* unmanaged[Cdecl]<int, byte*, nint, int> print);

    /// <summary>Null is failure, and errno holds the reason.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial nint ObjectOpenMem(byte* bytes, nuint size, ObjectOpenOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int ObjectLoad(NativeObject obj);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void ObjectClose(nint obj);

    /// <summary>Owned by the object.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__btf")]
    public static partial nint ObjectBtf(NativeObject obj);

    /// <summary>Owned by the BTF object; null when it cannot be rendered.</summary>
    [LibraryImport(Library, EntryPoint = "btf__raw_data")]
    public static partial byte* BtfRawData(nint btf, out uint size);

    /// <summary>Next after <paramref name="previous"/> (zero: first); zero at the end.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__next_program")]
    public static partial nint NextProgram(NativeObject obj, nint previous);

    /// <summary>Next after <paramref name="previous"/> (zero: first); zero at the end.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__next_map")]
    public static partial nint NextMap(NativeObject obj, nint previous);

    [LibraryImport(Library, EntryPoint = "bpf_program__name")]
    public static partial byte* ProgramName(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__section_name")]
    public static partial byte* ProgramSection(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__type")]
    public static partial uint ProgramType(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramFd(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__autoload")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ProgramAutoload(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_autoload")]
    public static partial int ProgramSetAutoload(nint program, [MarshalAs(UnmanagedType.U1)] bool autoload);

    /// <summary>Written only when the load fails. The caller keeps owning the buffer.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_program__set_log_buf")]
    public static partial int ProgramSetLogBuffer(nint program, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__name")]
    public static partial byte* MapName(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__type")]
    public static partial uint MapType(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__key_size")]
    public static partial uint MapKeySize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__value_size")]
    public static partial uint MapValueSize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__max_entries")]
    public static partial uint MapMaxEntries(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int MapSetMaxEntries(nint map, uint entries);

    [LibraryImport(Library, EntryPoint = "bpf_map__map_flags")]
    public static partial uint MapFlags(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_map_flags")]
    public static partial int MapSetFlags(nint map, uint flags);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapFd(nint map);

    /// <summary>The definition of the maps that a map of maps holds, owned by the object; zero for other maps.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map__inner_map")]
    public static partial nint MapInner(nint map);

    /// <summary>Duplicates the descriptor; the caller keeps its own.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd")]
    public static partial int MapReuseFd(nint map, SafeHandle fd);

    /// <summary>Not null exactly when the map's definition asks for pinning by name (or a path was set).</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map__pin_path")]
    public static partial byte* MapPinPath(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_pin_path")]
    public static partial int MapSetPinPath(nint map, byte* path);

    [LibraryImport(Library, EntryPoint = "bpf_map__is_internal")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool MapIsInternal(nint map);

    /// <summary>The writable image of .rodata, .data or .bss; null for other maps and after load.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map__initial_value")]
    public static partial byte* MapInitialValue(nint map, out nuint size);

    [LibraryImport(Library, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int NumPossibleCpus();
}
