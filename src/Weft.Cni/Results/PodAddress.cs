using Weft.Api.Endpoints;

namespace Weft.Cni.Results;

/// <summary>An address that the agent gave a pod, and its way to everybody else.</summary>
internal sealed record PodAddress(string Address, string? Gateway, bool IsIPv6)
{
    /// <summary>All of an endpoint, IPv4 first.</summary>
    public static IReadOnlyList<PodAddress> Of(EndpointNetworking networking)
    {
        List<PodAddress> addresses = [];
        foreach (var pair in networking.Addressing ?? [])
        {
            if (pair.Ipv4 is { } ipv4)
            {
                addresses.Add(new PodAddress(ipv4, networking.HostAddressing?.Ipv4?.Ip, IsIPv6: false));
            }

            if (pair.Ipv6 is { } ipv6)
            {
                addresses.Add(new PodAddress(ipv6, networking.HostAddressing?.Ipv6?.Ip, IsIPv6: true));
            }
        }

        return addresses;
    }
}
