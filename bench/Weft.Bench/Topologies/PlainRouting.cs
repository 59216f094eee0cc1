using Weft.Netlink.Routes;

namespace Weft.Bench.Topologies;

/// <summary>No overlay: each node routes to the other's pods over the underlay.</summary>
internal sealed class PlainRouting() : KernelTopology("plain", PodMtu)
{
    // The same packets as over the overlays, so that only the way differs.
    private const int PodMtu = 1450;

    public override string Name => "plain routing";

    protected override void Connect(BaselineNode local, BaselineNode remote) => local.Netlink.Routes.Add(new Route
    {
        Destination = remote.Spec.PodNetwork,
        Gateway = remote.Spec.Address,
        Device = local.Underlay,
    });
}
