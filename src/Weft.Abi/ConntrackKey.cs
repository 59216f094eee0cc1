using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of maps <c>weft_ct_tcp</c> and <c>weft_ct_any</c>, seen from one endpoint: local is its own address.</summary>
[BtfStruct("weft_ct_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ConntrackKey
{
    public WeftAddress Local;
    public WeftAddress Remote;
    public Be16 LocalPort;
    public Be16 RemotePort;

    /// <summary>IPPROTO_*.</summary>
    public byte Proto;

    public ConntrackScope Scope;
    private readonly ushort _pad;
}
