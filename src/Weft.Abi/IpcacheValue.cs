using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_ipcache</c>: who has an address, and which node it is behind.</summary>
[BtfStruct("weft_ipcache_value")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct IpcacheValue
{
    public uint Identity;

    /// <summary>Node to encapsulate to, IPv4; 0: this node, or not behind the overlay.</summary>
    public Be32 TunnelEndpoint;

    public IpcacheFlags Flags;

    private readonly uint _pad;
}
