using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>One step of the datapath; what the arguments mean is up to the message.</summary>
[BtfStruct("weft_debug_event")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct DebugRecord
{
    public EventHeader Header;
    public uint Arg1;
    public uint Arg2;
    public uint Arg3;
    private readonly uint _pad;
}
