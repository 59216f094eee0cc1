using System.Globalization;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Explaining;

/// <summary>A flow as policy sees it.</summary>
/// <param name="Protocol">Number in the IP header.</param>
/// <param name="Port">Of the destination, in host byte order; for ICMP the type.</param>
public readonly record struct PolicyFlow(Identity Source, Identity Destination, byte Protocol, ushort Port)
{
    /// <summary>As `80/TCP`, `type 8/ICMP`.</summary>
    public string PortText => string.Create(CultureInfo.InvariantCulture, $"{(Protocols.IsIcmp(Protocol) ? "type " : "")}{Port}/{Protocols.NameOf(Protocol)}");

    public override string ToString() => $"{Source} -> {Destination} {PortText}";
}
