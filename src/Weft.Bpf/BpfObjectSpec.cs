using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf.Btf;
using Weft.Bpf.Interop;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>A compiled BPF object, parsed and open for changes; nothing of it is in the kernel yet.</summary>
/// <remarks><see cref="Load"/> uses it up: open the bytes again to load them again. Not thread-safe.</remarks>
public sealed unsafe class BpfObjectSpec : IDisposable
{
    private readonly Lazy<BtfData?> _btf;

    private BpfObjectSpec(string name, NativeObject native)
    {
        Name = name;
        Native = native;
        Programs = Collect(static (owner, last) => LibBpf.NextProgram(owner.Native, last), static (owner, at) => new BpfProgramSpec(owner, at))
            .ToFrozenDictionary(p => p.Name);
        Maps = Collect(static (owner, last) => LibBpf.NextMap(owner.Native, last), static (owner, at) => new BpfMapSpec(owner, at))
            .ToFrozenDictionary(m => m.Name);
        _btf = new(ReadBtf);
    }

    /// <summary>For messages, such as <c>pod.bpf.o</c>.</summary>
    public string Name { get; }

    public FrozenDictionary<string, BpfProgramSpec> Programs { get; }

    public FrozenDictionary<string, BpfMapSpec> Maps { get; }

    /// <summary>The object's types, with the offsets of global variables filled in; null when it was built without -g.</summary>
    public BtfData? Btf => _btf.Value;

    internal NativeObject Native { get; }

    public static BpfObjectSpec Open(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return Open(bytes, Path.GetFileName(path));
    }

    /// <param name="bytes">An ELF object for the BPF target; not needed after the call.</param>
    /// <param name="name">For messages, and the first part of the names of its .rodata, .data and .bss maps.</param>
    public static BpfObjectSpec Open(ReadOnlySpan<byte> bytes, string name)
    {
        RequireElf(bytes, name);
        using LibBpfLog log = LibBpfLog.Capture();
        fixed (byte* objectName = Encoding.UTF8.GetBytes(name.Split('.')[0] + "\0"), image = bytes)
        {
            ObjectOpenOptions options = new() { Size = (nuint)sizeof(ObjectOpenOptions), ObjectName = objectName };
            nint pointer = LibBpf.ObjectOpenMem(image, (nuint)bytes.Length, &options);
            Errno errno = (Errno)Marshal.GetLastPInvokeError();
            return pointer != 0
                ? new BpfObjectSpec(name, new NativeObject(pointer))
                : throw new BpfException($"open {name}", errno, log.Lines.Count > 0 ? log.LastLine : errno.Describe(), null);
        }
    }

    /// <summary>Sets a <c>const volatile</c> global, which the verifier then treats as a constant.</summary>
    public void SetConstant<T>(string variable, in T value)
        where T : unmanaged => GlobalVariable<T>(variable, ".rodata") = value;

    /// <summary>Sets the initial value of a global in .data or .bss.</summary>
    public void SetInitial<T>(string variable, in T value)
        where T : unmanaged => GlobalVariable<T>(variable, ".data", ".bss") = value;

    /// <summary>Creates or adopts the maps, loads the programs, pins the new maps. All or nothing.</summary>
    public BpfObject Load(BpfLoadOptions? options = null)
    {
        RequireOpen();
        try
        {
            return new BpfObjectLoader(this, options ?? new BpfLoadOptions()).Load();
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => Native.Dispose();

    internal void RequireOpen() => ObjectDisposedException.ThrowIf(Native.IsClosed, this);

    private List<T> Collect<T>(Func<BpfObjectSpec, nint, nint> next, Func<BpfObjectSpec, nint, T> wrap)
    {
        List<T> items = [];
        for (nint at = next(this, 0); at != 0; at = next(this, at))
        {
            items.Add(wrap(this, at));
        }

        return items;
    }

    private ref T GlobalVariable<T>(string variable, params ReadOnlySpan<string> sections)
        where T : unmanaged
    {
        RequireOpen();
        foreach (string section in sections)
        {
            if (Btf?.FindVariable(section, variable) is not { } found)
            {
                continue;
            }

            if (found.Size != sizeof(T))
            {
                throw new ArgumentException($"{Name}: variable {variable} in {section} has {found.Size} bytes, but {typeof(T).Name} has {sizeof(T)}");
            }

            foreach (BpfMapSpec map in Maps.Values)
            {
                if (map.IsInternal && map.Name.EndsWith(section, StringComparison.Ordinal))
                {
                    byte* image = LibBpf.MapInitialValue(map.Pointer, out nuint size);
                    if (image is not null && (nuint)found.Offset + (nuint)found.Size <= size)
                    {
                        return ref *(T*)(image + found.Offset);
                    }
                }
            }
        }

        throw new ArgumentException($"{Name}: no variable {variable} in {string.Join(" or ", sections.ToArray())}");
    }

    private BtfData? ReadBtf()
    {
        RequireOpen();
        nint btf = LibBpf.ObjectBtf(Native);
        if (btf == 0)
        {
            return null;
        }

        byte* raw = LibBpf.BtfRawData(btf, out uint size);
        return raw is null ? null : BtfData.Parse(new ReadOnlySpan<byte>(raw, (int)size));
    }

    private static void RequireElf(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes.StartsWith("\u007fELF"u8))
        {
            throw new BpfException($"open {name}", Errno.ENOEXEC, "not an ELF object", "compile it with clang -target bpf -c");
        }
    }
}
