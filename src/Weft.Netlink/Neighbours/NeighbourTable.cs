using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Neighbours;

/// <summary>The neighbours (ARP and ND tables) of a network namespace.</summary>
public sealed class NeighbourTable
{
    private readonly NetlinkSocket _socket;

    internal NeighbourTable(NetlinkSocket socket) => _socket = socket;

    /// <param name="device">Null is all devices.</param>
    public IReadOnlyList<Neighbour> List(IfIndex? device = null)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETNEIGH, 0);
        writer.PutFixed(new NdMsg { Family = SocketH.AF_UNSPEC });
        List<Neighbour> neighbours =
            _socket.Dump<Neighbour>(writer.Finish(), new NetlinkRequest("list neighbours"), NeighbourParser.TryParse);
        return device is null ? neighbours : [.. neighbours.Where(neighbour => neighbour.Device == device)];
    }

    public void Add(Neighbour neighbour) => Write(neighbour, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL, "add");

    public void Replace(Neighbour neighbour) => Write(neighbour, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_REPLACE, "replace");

    /// <returns>False if there is none of that address on the device.</returns>
    public bool Delete(Neighbour neighbour)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELNEIGH, 0);
        writer.PutFixed(Header(neighbour));
        writer.PutIPAddress(NeighbourH.NDA_DST, neighbour.Address);
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"delete neighbour {Describe(neighbour)}"));
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return false;
        }
    }

    private void Write(Neighbour neighbour, int flags, string verb)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWNEIGH, (ushort)flags);
        writer.PutFixed(Header(neighbour));
        writer.PutIPAddress(NeighbourH.NDA_DST, neighbour.Address);
        if (neighbour.HardwareAddress is { } hardwareAddress)
        {
            writer.PutHardwareAddress(NeighbourH.NDA_LLADDR, hardwareAddress);
        }

        _socket.Execute(writer.Finish(), new NetlinkRequest($"{verb} neighbour {Describe(neighbour)}", Advise));
    }

    private static NdMsg Header(Neighbour neighbour) => new()
    {
        Family = IpFamily.Of(neighbour.Address),
        Index = neighbour.Device.Value,
        State = (ushort)neighbour.State,
        Flags = neighbour.IsProxy ? NeighbourH.NTF_PROXY : (byte)0,
    };

    private static string Describe(Neighbour neighbour) => $"{neighbour.Address} on device with index {neighbour.Device}";

    private static string? Advise(Errno errno) => errno switch
    {
        Errno.EEXIST => "there is an entry for that address: replace it",
        Errno.ENODEV => "the device is gone",
        Errno.EINVAL => "an entry that is not a proxy needs a hardware address",
        _ => null,
    };
}
