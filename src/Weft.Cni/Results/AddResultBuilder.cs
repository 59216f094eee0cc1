using Weft.Api.Endpoints;
using Weft.Cni.Protocol;

namespace Weft.Cni.Results;

/// <summary>Makes the result of ADD, in the form of the version that the runtime speaks.</summary>
internal static class AddResultBuilder
{
    /// <param name="earlier">Result of the plugins before this one; what they made comes first and keeps its indexes.</param>
    public static AddResult Append(AddResult earlier, EndpointNetworking networking, CniAttachment attachment, string version)
    {
        bool hasMtu = CniVersion.IsAtLeast(version, CniVersion.V110);
        ResultInterface host = new()
        {
            Name = networking.InterfaceName,
            Mac = networking.HostMac,
            Mtu = hasMtu ? networking.DeviceMtu : null,
        };
        ResultInterface container = new()
        {
            Name = networking.ContainerInterfaceName,
            Mac = networking.Mac,
            Mtu = hasMtu ? networking.DeviceMtu : null,
            Sandbox = attachment.Netns,
        };
        int index = (earlier.Interfaces?.Count ?? 0) + 1;
        return earlier with
        {
            CniVersion = version,
            Interfaces = [.. earlier.Interfaces ?? [], host, container],
            Addresses =
            [
                .. earlier.Addresses ?? [],
                .. PodAddress.Of(networking).Select(address => new ResultAddress
                {
                    Version = CniVersion.IsAtLeast(version, CniVersion.V100) ? null : address.IsIPv6 ? "6" : "4",
                    Interface = index,
                    Address = $"{address.Address}/{(address.IsIPv6 ? 128 : 32)}",
                    Gateway = address.Gateway,
                }),
            ],
            Routes =
            [
                .. earlier.Routes ?? [],
                .. PodAddress.Of(networking).Select(address => new ResultRoute
                {
                    Destination = address.IsIPv6 ? "::/0" : "0.0.0.0/0",
                    Gateway = address.Gateway,
                    Mtu = hasMtu ? networking.RouteMtu : null,
                }),
            ],
        };
    }
}
