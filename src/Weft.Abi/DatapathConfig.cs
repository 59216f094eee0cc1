using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>What a node's programs are loaded with: variable <c>weft_config</c> in .rodata of every object.</summary>
[BtfStruct("weft_config")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct DatapathConfig
{
    /// <summary>This node on the underlay.</summary>
    public WeftAddress NodeAddr;

    /// <summary>The pods' gateway, and the source of ICMP errors that the datapath sends.</summary>
    public WeftAddress RouterAddr;

    public uint OverlayIfIndex;
    public uint NetdevIfIndex;

    /// <summary>Largest inner IP packet, in bytes.</summary>
    public uint OverlayMtu;

    public Be16 TunnelPort;

    /// <summary>Endpoint id of the node itself, the source of its events.</summary>
    public ushort NodeId;
}
