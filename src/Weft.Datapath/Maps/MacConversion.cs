using Weft.Abi;
using Weft.Linux;

namespace Weft.Datapath.Maps;

/// <summary>From the address type of netlink to that of the datapath's structs.</summary>
internal static class MacConversion
{
    public static WeftMac ToAbi(this HardwareAddress address)
    {
        Span<byte> bytes = stackalloc byte[WeftMac.Size];
        address.CopyTo(bytes);
        return new WeftMac(bytes);
    }
}
