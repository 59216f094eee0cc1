using System.Collections.Immutable;
using System.Net;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Control.Policy;

/// <summary>The named ports of the pods of each identity, all together. Not thread-safe.</summary>
internal sealed class IdentityPorts
{
    private readonly Dictionary<IPNetwork, (Identity Identity, NamedPorts Ports)> _byAddress = [];

    /// <summary>By name; of two pods that call different ports the same, both count.</summary>
    public ImmutableArray<NamedPort> Of(Identity identity) =>
    [
        .. _byAddress.Values.Where(pod => pod.Identity == identity).SelectMany(pod => pod.Ports.All).Distinct().Order()
            .Select(port => new NamedPort(port.Name, port.Protocol, port.Port)),
    ];

    /// <summary>What is known of an address, or (null) nothing any more.</summary>
    /// <returns>Identities whose ports are others now.</returns>
    public IEnumerable<Identity> Put(IPNetwork address, Identity identity, NamedPorts? ports)
    {
        bool was = _byAddress.Remove(address, out (Identity Identity, NamedPorts Ports) before);
        if (ports is not null)
        {
            _byAddress.Add(address, (identity, ports));
        }

        if (was && ports is not null && before == (identity, ports))
        {
            return [];
        }

        return (was, ports) switch
        {
            (false, null) => [],
            (false, _) => [identity],
            (true, null) => [before.Identity],
            _ => before.Identity == identity ? [identity] : [before.Identity, identity],
        };
    }
}
