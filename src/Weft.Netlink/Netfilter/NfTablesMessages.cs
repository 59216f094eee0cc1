using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter;

/// <summary>Starts messages to nf_tables, and tells what its answers are.</summary>
internal static class NfTablesMessages
{
    /// <summary>Enough for every request of this library, rules included.</summary>
    public const int Size = 4096;

    public static NetlinkWriter Begin(Span<byte> buffer, byte type, NetfilterFamily family, ushort flags = 0)
    {
        NetlinkWriter writer = new(buffer, TypeOf(type), flags);
        writer.PutFixed(new NfGenMsg { Family = (byte)family });
        return writer;
    }

    public static bool TryRead(NetlinkMessage message, byte type, out NetfilterFamily family, out NetlinkReader attributes)
    {
        family = default;
        attributes = default;
        if (message.Type != TypeOf(type) || !message.TryReadFixed(out NfGenMsg header, out attributes))
        {
            return false;
        }

        family = (NetfilterFamily)header.Family;
        return true;
    }

    private static ushort TypeOf(byte type) => (ushort)(NfNetlinkH.NFNL_SUBSYS_NFTABLES << 8 | type);
}
