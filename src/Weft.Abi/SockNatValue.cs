using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_sock_nat</c>: the frontend that the socket called.</summary>
[BtfStruct("weft_sock_nat_value")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct SockNatValue
{
    public WeftAddress FrontAddr;
    public Be16 FrontPort;
    private readonly ushort _pad;
    public uint ServiceId;
}
