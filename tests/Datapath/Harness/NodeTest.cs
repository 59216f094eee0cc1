using Weft.Abi;

namespace Datapath.Harness;

/// <summary>A test on a node that knows its own addresses, the other node and the world, with both families.</summary>
public abstract class NodeTest : DatapathTest
{
    private protected NodeTest(DatapathFixture datapath)
        : base(datapath)
    {
        datapath.LearnNodes();
    }

    public static TheoryData<Family> Families => [Family.IPv4, Family.IPv6];

    /// <summary>Every kind of packet that has something to be translated, in each family that has it.</summary>
    public static TheoryData<Family, Carried> Kinds => new()
    {
        { Family.IPv4, Carried.Tcp },
        { Family.IPv4, Carried.Udp },
        { Family.IPv4, Carried.UdpUnchecked },
        { Family.IPv4, Carried.Echo },
        { Family.IPv6, Carried.Tcp },
        { Family.IPv6, Carried.Udp },
        { Family.IPv6, Carried.Echo },
    };

    /// <summary>Those that services are called with.</summary>
    public static TheoryData<Family, Carried> Calls => new()
    {
        { Family.IPv4, Carried.Tcp },
        { Family.IPv4, Carried.Udp },
        { Family.IPv4, Carried.UdpUnchecked },
        { Family.IPv6, Carried.Tcp },
        { Family.IPv6, Carried.Udp },
    };

    /// <summary>The entry of conntrack, seen from the sender of the packet or from its receiver.</summary>
    private protected ConntrackValue Entry(Segment packet, bool fromReceiver = false, ConntrackScope scope = ConntrackScope.Endpoint) =>
        MapOf(packet)[packet.Key(fromReceiver, scope)];

    private protected bool HasEntry(Segment packet, bool fromReceiver = false, ConntrackScope scope = ConntrackScope.Endpoint) =>
        MapOf(packet).TryLookup(packet.Key(fromReceiver, scope), out _);

    private protected void Forget(Segment packet, bool fromReceiver = false, ConntrackScope scope = ConntrackScope.Endpoint) =>
        MapOf(packet).Delete(packet.Key(fromReceiver, scope));

    /// <summary>The mapping that an answer from the destination of the packet to this address and port finds.</summary>
    private protected static NatKey NatKey(Segment packet, WeftAddress translated, ushort port) => new()
    {
        Remote = packet.Destination,
        RemotePort = packet.DestinationPort,
        Addr = translated,
        Port = port,
        Proto = (byte)packet.Protocol,
    };

    private Weft.Bpf.Maps.BpfMap<ConntrackKey, ConntrackValue> MapOf(Segment packet) =>
        packet.Carried == Carried.Tcp ? Datapath.ConntrackTcp : Datapath.ConntrackAny;
}
