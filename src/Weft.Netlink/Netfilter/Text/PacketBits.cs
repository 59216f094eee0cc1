namespace Weft.Netlink.Netfilter.Text;

/// <summary>Bits of a packet, counted from the start of one of its headers.</summary>
/// <param name="Base">NFT_PAYLOAD_*.</param>
/// <param name="Header">As far as it is known: <c>tcp</c>.</param>
internal readonly record struct PacketBits(uint Base, string? Header, int Offset, int Length);
