using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>What a node's programs are loaded with: variable <c>weft_config</c> in .rodata of every object.</summary>
[BtfStruct("weft_config")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct DatapathConfig
{
    /// <summary>This node on the underlay, IPv4.</summary>
    public WeftAddress NodeAddr;

    /// <summary>All zero: the node has no IPv6 address.</summary>
    public WeftAddress NodeAddr6;

    /// <summary>The pods' gateway on weft_host, and the source of ICMP errors that the datapath sends.</summary>
    public WeftAddress RouterAddr;

    /// <summary>All zero: pods have no IPv6.</summary>
    public WeftAddress RouterAddr6;

    public uint OverlayIfIndex;
    public uint NetdevIfIndex;

    /// <summary>Of weft_host.</summary>
    public uint HostIfIndex;

    /// <summary>Largest inner IP packet, in bytes.</summary>
    public uint OverlayMtu;

    public ConfigFlags Flags;
    public Be16 TunnelPort;

    /// <summary>Endpoint id of the node itself, the source of its events.</summary>
    public ushort NodeId;

    /// <summary>First and last port that is looked up as NodePort on addresses of nodes.</summary>
    public ushort NodePortMin;

    public ushort NodePortMax;
    private readonly uint _pad;

    /// <summary>Of the node's network namespace; 0: it is the initial one.</summary>
    public ulong NetnsCookie;
}
