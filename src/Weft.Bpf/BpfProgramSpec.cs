using Weft.Bpf.Interop;

namespace Weft.Bpf;

/// <summary>A program of an opened object, before it is loaded.</summary>
public sealed unsafe class BpfProgramSpec
{
    private readonly BpfObjectSpec _owner;

    internal BpfProgramSpec(BpfObjectSpec owner, nint pointer)
    {
        _owner = owner;
        Pointer = pointer;
        Name = ByteText.FromPointer(LibBpf.ProgramName(pointer));
        Section = ByteText.FromPointer(LibBpf.ProgramSection(pointer));
        Type = (BpfProgramType)LibBpf.ProgramType(pointer);
    }

    public string Name { get; }

    /// <summary>The ELF section, which told libbpf the type: <c>tc</c>, <c>xdp</c> …</summary>
    public string Section { get; }

    public BpfProgramType Type { get; }

    /// <summary>Whether <see cref="BpfObjectSpec.Load"/> loads it; false leaves it out of the loaded object.</summary>
    public bool Autoload
    {
        get
        {
            _owner.RequireOpen();
            return LibBpf.ProgramAutoload(Pointer);
        }

        set
        {
            _owner.RequireOpen();
            BpfException.Check(LibBpf.ProgramSetAutoload(Pointer, value), $"set autoload of program {Name}");
        }
    }

    internal nint Pointer { get; }
}
