using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_nat</c>: a translated source, as the answer to it arrives.</summary>
[BtfStruct("weft_nat_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct NatKey
{
    /// <summary>Who sends the answer.</summary>
    public WeftAddress Remote;

    /// <summary>What stands for the original source.</summary>
    public WeftAddress Addr;

    /// <summary>0 for ICMP echo.</summary>
    public Be16 RemotePort;

    /// <summary>For ICMP echo the identifier.</summary>
    public Be16 Port;

    /// <summary>IPPROTO_*.</summary>
    public byte Proto;

    private readonly byte _pad0;
    private readonly ushort _pad1;
}
