using System.Net;
using Weft.Linux;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Monitoring;
using Weft.Netlink.Neighbours;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class NetworkMonitorTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly IPAddress s_address = IPAddress.Parse("10.0.1.1");

    [KernelFact]
    public async Task Each_kind_of_change_is_heard_of_in_order()
    {
        using Node node = new();
        using NetworkMonitor monitor = NetworkMonitor.Open(MonitoredGroups.All, node.Namespace.Handle);
        InterfaceAddress address = new() { Device = node.Device, Address = s_address, PrefixLength = 24 };
        Neighbour neighbour = new() { Device = node.Device, Address = IPAddress.Parse("10.0.1.2"), HardwareAddress = new(2) };

        node.Netlink.Addresses.Add(address);
        node.Netlink.Neighbours.Add(neighbour);
        node.Netlink.Addresses.Delete(address);
        node.Netlink.Links.Delete(node.Device);

        List<NetworkChange> changes = await ReadUntil(monitor, change => change is NetworkChange.LinkRemoved { Link.Name: "wire" });
        int added = Position(changes, change => change is NetworkChange.AddressSet set && set.Address.Address.Equals(s_address));
        int routed = Position(
            changes, change => change is NetworkChange.RouteSet { Route.Table.Value: 254, Route.Destination.PrefixLength: 24 });
        int met = Position(changes, change => change is NetworkChange.NeighbourSet set && set.Neighbour == neighbour);
        int removed = Position(changes, change => change is NetworkChange.AddressRemoved);
        int gone = Position(changes, change => change is NetworkChange.LinkRemoved { Link.Name: "ens3" });
        Assert.True(0 <= added && added < routed && routed < met && met < removed && removed < gone, string.Join('\n', changes));
    }

    [KernelFact]
    public async Task Only_the_groups_asked_for_are_heard_of()
    {
        using Node node = new();
        using NetworkMonitor monitor = NetworkMonitor.Open(MonitoredGroups.Addresses, node.Namespace.Handle);

        node.Netlink.Links.SetDown(node.Device);
        node.Netlink.Addresses.Add(new InterfaceAddress { Device = node.Device, Address = s_address, PrefixLength = 24 });

        List<NetworkChange> changes = await ReadUntil(monitor, _ => true);
        Assert.IsType<NetworkChange.AddressSet>(Assert.Single(changes));
    }

    [KernelFact]
    public async Task Changes_that_did_not_fit_the_buffer_are_told_as_an_overrun_and_later_ones_are_heard_of()
    {
        using Node node = new();
        using NetworkMonitor monitor = NetworkMonitor.Open(MonitoredGroups.Links, node.Namespace.Handle, bufferSize: 4096);
        for (int round = 0; round < 200; round++)
        {
            node.Netlink.Links.Change(node.Device, new LinkSettings { Mtu = 1400 + round });
        }

        await ReadUntil(monitor, change => change is NetworkChange.Overrun);
        node.Netlink.Links.Change(node.Device, new LinkSettings { Alias = "after" });
        await ReadUntil(monitor, change => change is NetworkChange.LinkSet { Link.Alias: "after" });
    }

    [KernelFact]
    public async Task Reading_ends_when_cancelled()
    {
        using Node node = new();
        using NetworkMonitor monitor = NetworkMonitor.Open(MonitoredGroups.Links, node.Namespace.Handle);
        using CancellationTokenSource cancellation = new();
        Task reading = ReadAll(monitor, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(s_deadline));
    }

    [KernelFact]
    public async Task Forwarding_entries_are_heard_of()
    {
        using Node node = new();
        node.Netlink.Links.CreateVxlan("vx", new VxlanSettings { Vni = 9, Learning = false });
        using NetworkMonitor monitor = NetworkMonitor.Open(MonitoredGroups.Neighbours, node.Namespace.Handle);
        ForwardingEntry entry = new()
        {
            Device = node.Netlink.Links.Get("vx").Index,
            Address = new HardwareAddress(0x0a0000000001),
            Destination = IPAddress.Parse("192.168.2.62"),
        };

        node.Netlink.Forwarding.Add(entry);
        node.Netlink.Forwarding.Delete(entry);

        List<NetworkChange> changes = await ReadUntil(monitor, change => change is NetworkChange.ForwardingEntryRemoved);
        Assert.Equal([new NetworkChange.ForwardingEntrySet(entry), new NetworkChange.ForwardingEntryRemoved(entry)], changes);
    }

    private static int Position(List<NetworkChange> changes, Predicate<NetworkChange> fits) => changes.FindIndex(fits);

    private static async Task ReadAll(NetworkMonitor monitor, CancellationToken cancellationToken)
    {
        await foreach (NetworkChange _ in monitor.ReadAsync(cancellationToken))
        {
        }
    }

    private static async Task<List<NetworkChange>> ReadUntil(NetworkMonitor monitor, Predicate<NetworkChange> last)
    {
        using CancellationTokenSource deadline = new(s_deadline);
        List<NetworkChange> changes = [];
        await foreach (NetworkChange change in monitor.ReadAsync(deadline.Token))
        {
            changes.Add(change);
            if (last(change))
            {
                break;
            }
        }

        return changes;
    }
}
