using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>
/// Key of map <c>weft_sock_nat</c>, a socket and the backend that it speaks to; and of <c>weft_sock_flows</c>, a socket and the
/// frontend that it called.
/// </summary>
[BtfStruct("weft_sock_nat_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct SockNatKey
{
    public ulong Cookie;
    public WeftAddress Addr;
    public Be16 Port;
    private readonly ushort _pad0;
    private readonly uint _pad1;
}
