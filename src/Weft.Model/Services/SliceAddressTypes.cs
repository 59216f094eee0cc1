using System.Net.Sockets;

namespace Weft.Model.Services;

/// <summary>A slice's family as the platform names it.</summary>
public static class SliceAddressTypes
{
    public static AddressFamily Family(this SliceAddressType type) =>
        type == SliceAddressType.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
}
