using Weft.Abi;
using Weft.Packets;

namespace Datapath.Harness;

/// <summary>An actor: a pod, on the node under test (East) or on another (West).</summary>
/// <param name="IfIndex">Of its lxc device. A test run finds devices of the caller's namespace only, so the sender's is loopback's.</param>
internal sealed record Pod(string Address, string Address6, string Mac, string NodeMac, uint Identity, ushort Id, uint IfIndex)
{
    /// <summary>On East; the sender in tests of weft_from_pod.</summary>
    public static readonly Pod Web = new("10.0.1.180", "fd00:10:1::b4", "fe:55:fa:02:ee:e5", "d2:f1:29:4b:bd:9d", 37483, 3663, 1);

    /// <summary>On East too, with labels of its own.</summary>
    public static readonly Pod Cache = new("10.0.1.77", "fd00:10:1::4d", "2e:19:9e:f6:30:f3", "6a:a0:5a:11:7f:6e", 30001, 923, 31);

    /// <summary>On West; not known to East but by its address.</summary>
    public static readonly Pod Db = new("10.0.0.23", "fd00:10::17", "42:4a:ca:d9:16:b5", "4e:51:12:28:98:b2", 8589, 2720, 28);

    /// <summary>On West too.</summary>
    public static readonly Pod Queue = new("10.0.0.42", "fd00:10::2a", "1e:5b:0c:aa:31:07", "96:d1:74:20:8e:1f", 8590, 2721, 29);

    /// <summary>An address of the pods' range that nobody has.</summary>
    public static readonly Pod Nobody = Db with { Address = "10.0.0.24", Address6 = "fd00:10::18" };

    public IPv4Address IP => IPv4Address.Parse(Address);

    public MacAddress EthernetAddress => MacAddress.Parse(Mac);

    public MacAddress GatewayAddress => MacAddress.Parse(NodeMac);

    public WeftAddress Key => WeftAddress.Parse(Address);

    public WeftAddress Key6 => WeftAddress.Parse(Address6);

    public WeftAddress On(Family family) => family == Family.IPv4 ? Key : Key6;

    public EndpointValue Endpoint => new()
    {
        IfIndex = IfIndex,
        Identity = Identity,
        Id = Id,
        Mac = ToWeftMac(Mac),
        NodeMac = ToWeftMac(NodeMac),
        Ipv4 = Key,
        Ipv6 = Key6,
    };

    private static WeftMac ToWeftMac(string text) =>
        WeftMac.TryParse(text, out WeftMac mac) ? mac : throw new ArgumentException($"'{text}' is not an Ethernet address");
}
