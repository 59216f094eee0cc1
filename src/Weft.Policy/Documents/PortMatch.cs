namespace Weft.Policy.Documents;

/// <summary>Ports of one protocol that a rule is about.</summary>
/// <param name="Path">Where it is written, as `spec.ingress[0].ports[1]`.</param>
/// <param name="Protocol">Number in the IP header; <see cref="AnyProtocol"/>: TCP, UDP and SCTP.</param>
/// <param name="First">In host byte order; of ICMP and ICMPv6 this is the type.</param>
/// <param name="Name">A port's name, which the pods at the receiving end give numbers to; the numbers are zero then.</param>
public sealed record PortMatch(string Path, int Line, byte Protocol, ushort First, ushort Last, string? Name = null)
{
    public const byte AnyProtocol = 0;

    public bool IsAllPorts => Name is null && First == 0 && Last == ushort.MaxValue;

    /// <summary>As `80/TCP`, `1024-2048/UDP`, `http/TCP`, `type 8/ICMP`.</summary>
    public override string ToString()
    {
        string protocol = Protocols.NameOf(Protocol);
        return this switch
        {
            { Name: not null } => $"{Name}/{protocol}",
            { IsAllPorts: true } => protocol,
            _ when Protocols.IsIcmp(Protocol) => $"type {First}/{protocol}",
            _ when First == Last => $"{First}/{protocol}",
            _ => $"{First}-{Last}/{protocol}",
        };
    }
}
