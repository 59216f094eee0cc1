using System.Net;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Addresses;

/// <summary>The addresses of the devices of a network namespace.</summary>
public sealed class AddressTable
{
    private readonly NetlinkSocket _socket;

    internal AddressTable(NetlinkSocket socket) => _socket = socket;

    /// <param name="device">Null is all devices.</param>
    public IReadOnlyList<InterfaceAddress> List(IfIndex? device = null)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETADDR, 0);
        writer.PutFixed(new IfAddrMsg { Family = SocketH.AF_UNSPEC });
        List<InterfaceAddress> addresses =
            _socket.Dump<InterfaceAddress>(writer.Finish(), new NetlinkRequest("list addresses"), AddressParser.TryParse);
        return device is null ? addresses : [.. addresses.Where(address => address.Device == device)];
    }

    public void Add(InterfaceAddress address) => Write(address, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL, "add");

    /// <summary>Adds an address, or changes the flags of one that is there.</summary>
    public void Replace(InterfaceAddress address) => Write(address, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_REPLACE, "replace");

    /// <returns>False if the device has no such address.</returns>
    public bool Delete(InterfaceAddress address)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELADDR, 0);
        Put(ref writer, address);
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"delete address {address} of device with index {address.Device}"));
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno is Errno.EADDRNOTAVAIL or Errno.ENODEV)
        {
            return false;
        }
    }

    private void Write(InterfaceAddress address, int flags, string verb)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWADDR, (ushort)flags);
        Put(ref writer, address);
        _socket.Execute(
            writer.Finish(), new NetlinkRequest($"{verb} address {address} on device with index {address.Device}", Advise));
    }

    private static void Put(ref NetlinkWriter writer, InterfaceAddress address)
    {
        writer.PutFixed(new IfAddrMsg
        {
            Family = IpFamily.Of(address.Address),
            PrefixLength = checked((byte)address.PrefixLength),
            Scope = (byte)address.Scope,
            Index = address.Device.Value,
        });
        writer.PutIPAddress(IfAddr.IFA_LOCAL, address.Address);
        IPAddress other = address.Peer ?? address.Address;
        writer.PutIPAddress(IfAddr.IFA_ADDRESS, other);
        if (address.Broadcast is { } broadcast)
        {
            writer.PutIPAddress(IfAddr.IFA_BROADCAST, broadcast);
        }

        if (address.Flags != AddressFlags.None)
        {
            writer.PutUInt32(IfAddr.IFA_FLAGS, (uint)address.Flags);
        }
    }

    private static string? Advise(Errno errno) => errno switch
    {
        Errno.EEXIST => "the device has that address",
        Errno.ENODEV => "the device is gone",
        _ => null,
    };
}
