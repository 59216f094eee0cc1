using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_nodes</c> (by underlay address): the nodes whose overlay packets are accepted.</summary>
[BtfStruct("weft_node")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct NodeValue
{
    public uint Identity;

    /// <summary>Node number, for events; 0: none given.</summary>
    public ushort Id;

    private readonly ushort _pad;
}
