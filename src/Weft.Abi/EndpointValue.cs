using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of maps <c>weft_endpoints</c> (by address) and <c>weft_devices</c> (by interface index).</summary>
[BtfStruct("weft_endpoint")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct EndpointValue
{
    /// <summary>Host side of the veth pair, in the node's namespace.</summary>
    public uint IfIndex;

    public uint Identity;
    public ushort Id;
    public EndpointFlags Flags;

    /// <summary>Wanted from this endpoint beyond <see cref="DatapathRuntime.Events"/>.</summary>
    public EventMask Events;

    /// <summary>Of eth0 in the pod.</summary>
    public WeftMac Mac;

    /// <summary>Of the lxc device: what the pod sees as its gateway's.</summary>
    public WeftMac NodeMac;

    /// <summary>Another one after each change of the endpoint's policy that denies more: the datapath judges its flows again.</summary>
    public uint PolicyEpoch;

    public WeftAddress Ipv4;
    public WeftAddress Ipv6;
}
