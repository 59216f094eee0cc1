using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>A packet as it was at one place. Followed by <see cref="LenCap"/> bytes of it.</summary>
[BtfStruct("weft_capture_event")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct CaptureRecord
{
    public EventHeader Header;
    public uint LenOrig;
    public ushort LenCap;
    private readonly ushort _pad;
    public uint Arg1;
    public uint Arg2;
}
