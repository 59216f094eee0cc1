using System.Globalization;
using Weft.Lab.Outside;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>A lab of the default topology in which the link from the router to the outside host carries less than all others.</summary>
/// <remarks>The host's TCP does not let on: it offers segments as for a link of 1500 bytes, so that the other side has to find out.</remarks>
public sealed class NarrowLab : IDisposable
{
    internal const int Mtu = 1300;
    private const int OfferedSegment = 1440;

    public NarrowLab()
    {
        Lab.Up(LabTopology.DefaultText);
        OutsideSpec host = Lab.Topology.FindOutside(Pods.Outside)!;
        string netns = Lab.Member(Pods.Outside).Netns;
        SetMtu(LabNames.NetnsOf(Lab.Name, LabNames.Underlay), Pods.Outside);
        SetMtu(netns, OutsideHost.Device);
        Route(netns, "-4", $"{Lab.Topology.Underlay}", $"{host.Router}");
        Route(netns, "-6", $"{Lab.Topology.Underlay6}", $"{host.Router6}");
    }

    internal RealLab Lab { get; } = new();

    public void Dispose() => Lab.Dispose();

    private static void SetMtu(string netns, string device) =>
        Tool.Run("ip", "-n", netns, "link", "set", device, "mtu", Mtu.ToString(CultureInfo.InvariantCulture));

    private static void Route(string netns, string family, string network, string router) => Tool.Run(
        "ip", "-n", netns, family, "route", "replace", network, "via", router, "dev", OutsideHost.Device, "advmss", OfferedSegment.ToString(CultureInfo.InvariantCulture));
}
