using Weft.Linux;
using Weft.Netlink.Links;
using Weft.Netlink.Neighbours;
using Weft.Netlink.Routes;

namespace Weft.Bench.Topologies;

/// <summary>The kernel's VXLAN with everything static: a route, a neighbour and an FDB entry for the other node, no learning.</summary>
internal class KernelVxlan(string tag = "vxlan") : KernelTopology(tag, PodMtu)
{
    protected const string Device = "vxlan1";

    private const int PodMtu = 1450;

    public override string Name => "kernel VXLAN";

    protected override void Connect(BaselineNode local, BaselineNode remote)
    {
        local.Netlink.Links.CreateVxlan(
            Device,
            new VxlanSettings { Vni = 1, Local = local.Spec.Address, LowerDevice = local.Underlay, Port = 8472, Learning = false },
            new LinkSettings { Address = Vtep(local), Up = true });
        IfIndex device = local.Netlink.Links.Get(Device).Index;
        local.Netlink.Routes.Add(new Route
        {
            Destination = remote.Spec.PodNetwork,
            Gateway = remote.Spec.PodNetwork.BaseAddress,
            Device = device,
            OnLink = true,
        });
        local.Netlink.Neighbours.Add(new Neighbour
        {
            Device = device,
            Address = remote.Spec.PodNetwork.BaseAddress,
            HardwareAddress = Vtep(remote),
        });
        local.Netlink.Forwarding.Add(new ForwardingEntry { Device = device, Address = Vtep(remote), Destination = remote.Spec.Address });
    }

    private static HardwareAddress Vtep(BaselineNode node) => HardwareAddress.Parse($"02:00:00:00:00:{node.Spec.Address.GetAddressBytes()[3]:x2}");
}
