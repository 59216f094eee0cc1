using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>A packet went no further. Followed by <see cref="LenCap"/> bytes of it, from its Ethernet header on.</summary>
[BtfStruct("weft_drop_event")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct DropRecord
{
    public EventHeader Header;
    public uint LenOrig;
    public ushort LenCap;
    public ushort DstId;
    public uint SrcIdentity;
    public uint DstIdentity;

    /// <summary>In the source file that dropped.</summary>
    public ushort Line;

    public SourceFile File;

    /// <summary>Negative errno of the helper that failed, or 0.</summary>
    public sbyte ExtError;

    public uint IfIndex;
}
