using System.Net;

namespace Weft.Lab.Topology;

/// <summary>An address together with the network of the device that has it, as in 203.0.113.10/24.</summary>
public sealed record HostAddress(IPAddress Address, IPNetwork Network)
{
    public override string ToString() => $"{Address}/{Network.PrefixLength}";
}
