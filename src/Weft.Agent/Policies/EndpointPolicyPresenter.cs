using Weft.Api.Endpoints;
using Weft.Control.Policy;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>The policy of an endpoint as the API shows it, from its tables.</summary>
internal static class EndpointPolicyPresenter
{
    private const long Anybody = 0;

    public static EndpointPolicyStatus Show(Identity identity, EndpointTables tables, long revision) => new()
    {
        ProxyStatistics = [],
        Realized = Show(identity, tables.Realized, revision),
        Spec = Show(identity, tables.Wanted, revision),
    };

    private static EndpointPolicy Show(Identity identity, PolicyTable table, long revision) => new()
    {
        AllowedEgressIdentities = Identities(table.Egress, isDeny: false),
        AllowedIngressIdentities = Identities(table.Ingress, isDeny: false),
        DeniedEgressIdentities = table.Egress.IsEnforced ? Identities(table.Egress, isDeny: true) : null,
        DeniedIngressIdentities = table.Ingress.IsEnforced ? Identities(table.Ingress, isDeny: true) : null,
        Id = identity.Value,
        L4 = new L4Policy { Egress = Ports(table.Egress), Ingress = Ports(table.Ingress) },
        PolicyEnabled = (table.Ingress.IsEnforced, table.Egress.IsEnforced) switch
        {
            (true, true) => "both",
            (true, false) => "ingress",
            (false, true) => "egress",
            _ => "none",
        },
        PolicyRevision = revision,
    };

    /// <summary>Whose every protocol and port is decided alike.</summary>
    private static IReadOnlyList<long> Identities(DirectionTable table, bool isDeny) => !table.IsEnforced ? [Anybody]
        : [.. Entries(table).Where(entry => entry.Entry.Protocol == PortMatch.AnyProtocol && entry.Entry.IsDeny == isDeny).Select(entry => entry.Peer).Order()];

    /// <summary><c>12057: allow 80/TCP</c>; anybody is 0.</summary>
    private static IReadOnlyList<string> Ports(DirectionTable table) =>
        [.. Entries(table).Where(entry => entry.Entry.Protocol != PortMatch.AnyProtocol).OrderBy(entry => entry.Peer).Select(entry => $"{entry.Peer}: {entry.Entry}")];

    private static IEnumerable<(long Peer, PolicyEntry Entry)> Entries(DirectionTable table) => table.Any.Select(entry => (Anybody, entry))
        .Concat(table.Peers.SelectMany(peer => peer.Value.Select(entry => ((long)peer.Key.Value, entry))));
}
