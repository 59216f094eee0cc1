using System.Globalization;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>What holds between an endpoint and one peer for a protocol and a block of ports.</summary>
/// <param name="Protocol">0: any, and then every port.</param>
/// <param name="Port">First port of the block, in host byte order; for ICMP the type.</param>
/// <param name="PortPrefixLength">Leading bits of the port that count: 16 is one port, 0 all.</param>
/// <param name="Rule">
/// The rule that decides; null: none does, it is what passes without (<see cref="PolicyOptions.HostReachesPods"/>, no default deny).
/// </param>
public readonly record struct PolicyEntry(byte Protocol, ushort Port, byte PortPrefixLength, bool IsDeny, AppliedRule? Rule)
{
    private const int ProtocolBits = 8;
    private const int PortBits = 16;

    /// <summary>Bits of protocol and port that count, 0 to 24: the narrower the entry, the more.</summary>
    public int PrefixLength => Protocol == PortMatch.AnyProtocol ? 0 : ProtocolBits + PortPrefixLength;

    /// <summary>The numbers that Cilium has for allow and deny; the greater decides.</summary>
    public byte Precedence => IsDeny ? (byte)255 : (byte)1;

    /// <summary>Identifies the block; blocks are nested or disjoint, never otherwise overlapping.</summary>
    internal uint Block => Key(Protocol, Port, PortPrefixLength);

    /// <param name="port">Null: unknown, as in a fragment; then only entries for all ports match.</param>
    public bool Matches(byte protocol, ushort? port) => Protocol == PortMatch.AnyProtocol
        || (Protocol == protocol && (PortPrefixLength == 0 || (port is { } known && ((known ^ Port) >> (PortBits - PortPrefixLength)) == 0)));

    internal static uint Key(byte protocol, ushort port, int length)
    {
        uint first = (uint)(port & (0xFFFF << (PortBits - length)) & 0xFFFF);
        return protocol == PortMatch.AnyProtocol ? 0 : ((uint)protocol << 24) | ((uint)length << 16) | first;
    }

    /// <summary>As `allow 80/TCP`, `deny 1024-2047/UDP`, `allow ANY`.</summary>
    public override string ToString()
    {
        int last = Port | (0xFFFF >> PortPrefixLength);
        string ports = Protocol == PortMatch.AnyProtocol || PortPrefixLength == 0 ? ""
            : PortPrefixLength == PortBits ? string.Create(CultureInfo.InvariantCulture, $"{Port}/")
            : string.Create(CultureInfo.InvariantCulture, $"{Port}-{last}/");
        return $"{(IsDeny ? "deny" : "allow")} {ports}{Protocols.NameOf(Protocol)}";
    }
}
