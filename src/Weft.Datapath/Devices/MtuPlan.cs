namespace Weft.Datapath.Devices;

/// <summary>Sizes of IP packets, in bytes.</summary>
/// <param name="Device">Of every device, as on the underlay: pods of one node may use it whole, and what arrives whole must fit.</param>
/// <param name="Route">Of the pods' routes: what fits through the overlay.</param>
public readonly record struct MtuPlan(int Device, int Route)
{
    public static MtuPlan ForUnderlay(int mtu) => new(mtu, mtu - OverlayDevice.Overhead);
}
