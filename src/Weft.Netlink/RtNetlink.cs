using Weft.Linux;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Neighbours;
using Weft.Netlink.Qdiscs;
using Weft.Netlink.Routes;
using Weft.Netlink.Rules;
using Weft.Netlink.Uapi;

namespace Weft.Netlink;

/// <summary>
/// Devices, addresses, routes, rules and neighbours of one network namespace, read and changed over one rtnetlink socket.
/// </summary>
/// <remarks>
/// Thread-safe. Calls are synchronous: the kernel answers within the call. Dispose closes the socket and changes nothing.
/// </remarks>
public sealed class RtNetlink : IDisposable
{
    private readonly NetlinkSocket _socket;

    private RtNetlink(NetlinkSocket socket)
    {
        _socket = socket;
        Links = new LinkTable(socket);
        Addresses = new AddressTable(socket);
        Routes = new RouteTable(socket);
        Neighbours = new NeighbourTable(socket);
        Rules = new RuleTable(socket);
        Forwarding = new ForwardingTable(socket);
        Clsact = new ClsactTable(socket);
    }

    public LinkTable Links { get; }

    public AddressTable Addresses { get; }

    public RouteTable Routes { get; }

    public NeighbourTable Neighbours { get; }

    public RuleTable Rules { get; }

    public ForwardingTable Forwarding { get; }

    public ClsactTable Clsact { get; }

    /// <param name="networkNamespace">Null is the namespace of the calling thread. It may be disposed after the call.</param>
    public static RtNetlink Open(NetworkNamespace? networkNamespace = null) =>
        new(NetlinkSocket.Open(NetlinkH.NETLINK_ROUTE, networkNamespace));

    public void Dispose() => _socket.Dispose();
}
