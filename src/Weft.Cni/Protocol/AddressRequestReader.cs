using System.Net;
using System.Net.Sockets;
using Weft.Model.Addressing;
using Weft.Model.Labels;

namespace Weft.Cni.Protocol;

/// <summary>Finds which addresses a runtime asks for, wherever it says so.</summary>
internal static class AddressRequestReader
{
    /// <summary>The first of <c>runtimeConfig</c>, <c>args.cni</c> and <c>CNI_ARGS</c> that names some decides.</summary>
    /// <exception cref="CniException">What it names are no addresses, or more than a pod can have.</exception>
    public static AddressRequest Read(NetworkConfig config, CniArguments arguments)
    {
        PodWishes?[] places =
        [
            config.RuntimeConfig, config.Arguments?.Cni,
            new PodWishes { Addresses = arguments.IP?.Split(','), Mac = arguments.Mac },
        ];
        string? mac = places.FirstOrDefault(place => !string.IsNullOrEmpty(place?.Mac))?.Mac;
        CheckMac(mac);
        string? ipv4 = null;
        string? ipv6 = null;
        foreach (string text in places.FirstOrDefault(place => place?.Addresses is { Count: > 0 })?.Addresses ?? [])
        {
            IPAddress address = Parse(text);
            ref string? slot = ref address.AddressFamily == AddressFamily.InterNetwork ? ref ipv4 : ref ipv6;
            slot = slot is null ? address.ToString() : throw Invalid($"ips: {slot} and {address}: a pod has one address of a family");
        }

        return new AddressRequest(ipv4, ipv6, mac);
    }

    private static void CheckMac(string? mac)
    {
        string? error = null;
        if (mac is not null && MacAddress.TryParse(mac, out MacAddress address, out error) && (address.Value & 0x0100_0000_0000) != 0)
        {
            error = $"'{address}' is a group address (the lowest bit of the first byte must be 0)";
        }

        if (error is not null)
        {
            throw Invalid($"mac: {error}");
        }
    }

    // A prefix length says nothing here: pods have /32 and /128, and the gateway is the node's.
    private static IPAddress Parse(string? text)
    {
        string[] parts = (text ?? "").Split('/', 2);
        return AddressText.TryParse(parts[0], out IPAddress? address)
            && (parts.Length == 1 || (int.TryParse(parts[1], out int bits) && bits >= 0 && bits <= address.GetAddressBytes().Length * 8))
                ? address
                : throw Invalid($"ips '{Printable.Excerpt(text)}': not an IP address, with or without a prefix length");
    }

    private static CniException Invalid(string problem) => new(CniErrorCode.InvalidConfig, $"invalid network configuration: {problem}");
}
