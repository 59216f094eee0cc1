using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Neighbours;

/// <summary>The forwarding entries (FDB) of the bridges and VXLAN devices of a network namespace.</summary>
public sealed class ForwardingTable
{
    private readonly NetlinkSocket _socket;

    internal ForwardingTable(NetlinkSocket socket) => _socket = socket;

    /// <param name="device">Null is all devices.</param>
    public IReadOnlyList<ForwardingEntry> List(IfIndex? device = null)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETNEIGH, 0);
        writer.PutFixed(new NdMsg { Family = SocketH.AF_BRIDGE });
        List<ForwardingEntry> entries =
            _socket.Dump<ForwardingEntry>(writer.Finish(), new NetlinkRequest("list forwarding entries"), NeighbourParser.TryParse);
        return device is null ? entries : [.. entries.Where(entry => entry.Device == device)];
    }

    public void Add(ForwardingEntry entry) => Write(entry, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL, "add");

    public void Replace(ForwardingEntry entry) => Write(entry, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_REPLACE, "replace");

    /// <summary>Adds one more remote node for an address; the device sends to all of them.</summary>
    public void Append(ForwardingEntry entry) => Write(entry, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_APPEND, "append");

    /// <returns>False if there is no such entry.</returns>
    public bool Delete(ForwardingEntry entry)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELNEIGH, 0);
        Put(ref writer, entry);
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"delete forwarding entry {Describe(entry)}"));
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return false;
        }
    }

    private void Write(ForwardingEntry entry, int flags, string verb)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWNEIGH, (ushort)flags);
        Put(ref writer, entry);
        _socket.Execute(writer.Finish(), new NetlinkRequest($"{verb} forwarding entry {Describe(entry)}", Advise));
    }

    private static void Put(ref NetlinkWriter writer, ForwardingEntry entry)
    {
        writer.PutFixed(new NdMsg
        {
            Family = SocketH.AF_BRIDGE,
            Index = entry.Device.Value,
            State = (ushort)entry.State,
            Flags = entry.IsSelf ? NeighbourH.NTF_SELF : NeighbourH.NTF_MASTER,
        });
        writer.PutHardwareAddress(NeighbourH.NDA_LLADDR, entry.Address);
        if (entry.Destination is { } destination)
        {
            writer.PutIPAddress(NeighbourH.NDA_DST, destination);
        }

        if (entry.Port is { } port)
        {
            writer.PutUInt16BigEndian(NeighbourH.NDA_PORT, port);
        }

        if (entry.Vni is { } vni)
        {
            writer.PutUInt32(NeighbourH.NDA_VNI, vni);
        }
    }

    private static string Describe(ForwardingEntry entry)
    {
        string text = $"{entry.Address} on device with index {entry.Device}";
        return entry.Destination is null ? text : $"{text} to {entry.Destination}";
    }

    private static string? Advise(Errno errno) => errno switch
    {
        Errno.EEXIST => "there is an entry for that address: replace it",
        Errno.EOPNOTSUPP => "the device keeps no forwarding entries of its own: is it a port of a bridge, or an external VXLAN device?",
        Errno.ENODEV => "the device is gone",
        _ => null,
    };
}
