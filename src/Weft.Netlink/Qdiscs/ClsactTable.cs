using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Qdiscs;

/// <summary>The clsact qdiscs of the devices of a network namespace: what tc filters hang on.</summary>
public sealed class ClsactTable
{
    private const uint Major = 0xFFFF0000;
    private readonly NetlinkSocket _socket;

    internal ClsactTable(NetlinkSocket socket) => _socket = socket;

    /// <summary>Removes a device's clsact qdisc, unless somebody has a filter on it.</summary>
    /// <returns>False if it stays or there is none, also where the device is gone.</returns>
    /// <remarks>The kernel does not do that in one step: a filter that is added between the look and the removal goes too.</remarks>
    public bool DeleteUnused(IfIndex device) =>
        !HasFilters(device, PktSched.TC_H_MIN_INGRESS) && !HasFilters(device, PktSched.TC_H_MIN_EGRESS) && Delete(device);

    private bool HasFilters(IfIndex device, uint direction)
    {
        Span<byte> buffer = stackalloc byte[128];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETTFILTER, 0);
        writer.PutFixed(new TcMsg { Index = device.Value, Parent = Major | direction });
        return _socket.Dump<bool>(
            writer.Finish(), new NetlinkRequest($"list the filters of the device with index {device}"), IsFilter).Count > 0;
    }

    private bool Delete(IfIndex device)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELQDISC, 0);
        writer.PutFixed(new TcMsg { Index = device.Value, Parent = PktSched.TC_H_CLSACT });
        writer.PutText(RtNetlinkH.TCA_KIND, "clsact");
        try
        {
            _socket.Execute(writer.Finish(), new NetlinkRequest($"delete the clsact qdisc of the device with index {device}"));
            return true;
        }
        // EINVAL: none of this kind.
        catch (NetlinkException exception) when (exception.Errno is Errno.EINVAL or Errno.ENOENT or Errno.ENODEV)
        {
            return false;
        }
    }

    private static bool IsFilter(NetlinkMessage message, out bool filter) => filter = message.Type == RtNetlinkH.RTM_NEWTFILTER;
}
