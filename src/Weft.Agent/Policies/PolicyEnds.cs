using System.Globalization;
using System.Net;
using Weft.Agent.Http;
using Weft.Control.Node;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>Finds who is meant by a name, an address, a number or labels, as far as this node has heard.</summary>
internal sealed class PolicyEnds(NodeAgent agent, PolicyEngine engine)
{
    private const string IdentityPrefix = "identity:";

    /// <exception cref="ApiRequestException">Nobody is meant, or several that policy tells apart.</exception>
    public PolicyEnd Find(string text)
    {
        string shown = Printable.Excerpt(text);
        return text.StartsWith(IdentityPrefix, StringComparison.Ordinal) ? OfIdentity(text[IdentityPrefix.Length..], shown)
            : AddressText.TryParse(text.Trim('[', ']'), out IPAddress? address) ? OfAddress(address)
            : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? OfNumber(number)
            : ReservedIdentities.TryFind(text, out Identity reserved) && reserved != Identity.Unknown ? OfReserved(reserved)
            : text.AsSpan().ContainsAny("=!(:") ? OfLabels(text, shown)
            : OfPod(text, shown);
    }

    /// <summary>Whoever has an address, as the datapath has it.</summary>
    public PolicyEnd OfAddress(IPAddress address)
    {
        if (agent.Endpoints.Table.All.FirstOrDefault(endpoint => endpoint.Record.Addresses.Contains(address)) is { } own)
        {
            return Of(own.Record) with { Address = address };
        }

        if (agent.Local.Addresses.Contains(address) || agent.Local.Routers.Contains(address))
        {
            return OfReserved(Identity.Host) with { Address = address };
        }

        if (agent.Cluster.Nodes.Values.FirstOrDefault(node => node.Addresses.Contains(address) || node.Routers.Contains(address)) is { } other)
        {
            return new PolicyEnd($"node {other.Name}", Identity.RemoteNode) { Address = address, Node = other.Name.Value };
        }

        return agent.Cluster.Addresses.Values.Where(record => record.Prefix.Contains(address)).MaxBy(record => record.Prefix.PrefixLength) is { } known
            ? Of(known) with { Address = address }
            : new PolicyEnd(address.ToString(), engine.IdentityOf(address)) { Address = address };
    }

    public PolicyEnd Of(EndpointRecord record) => new(record.DisplayName, record.Identity)
    {
        Address = record.Addresses.FirstOrDefault(),
        Endpoint = record.Id,
        Node = agent.Local.Name.Value,
    };

    /// <summary>The node as an endpoint is <c>host</c>.</summary>
    public PolicyEnd OfReserved(Identity identity) => identity == Identity.Host
        ? new PolicyEnd(identity.ToString(), identity) { Endpoint = agent.Local.HostEndpoint, Node = agent.Local.Name.Value }
        : new PolicyEnd(identity.ToString(), identity);

    /// <summary>Of an identity of the cluster, or of a prefix that rules name.</summary>
    public IReadOnlyList<string> LabelsOf(Identity identity) =>
        [.. (agent.Identities.Cache.Find(identity)?.Labels ?? engine.Prefixes.FirstOrDefault(prefix => prefix.Identity == identity)?.Labels ?? LabelSet.Empty)
            .Select(label => label.ToString())];

    private static PolicyEnd Of(AddressRecord record) => new(record.Owner ?? record.Prefix.ToString(), record.Identity)
    {
        Address = record.Prefix.BaseAddress,
        Node = record.Node.Value,
    };

    private PolicyEnd OfIdentity(string text, string shown) => !Identity.TryParse(text, out Identity identity) || !engine.Knows(identity)
        ? throw new ApiRequestException($"find {shown}: no label set and no prefix of a rule has it (see 'weft identity list')")
        : identity.IsReserved ? OfReserved(identity) : new PolicyEnd($"identity {identity}", identity);

    private PolicyEnd OfNumber(ushort number)
    {
        EndpointId id = new(number);
        return id == agent.Local.HostEndpoint ? OfReserved(Identity.Host)
            : agent.Endpoints.Table.TryFind(id) is { } found ? Of(found.Record)
            : throw new ApiRequestException($"find endpoint {number}: this node has none (see 'weft endpoint list'; an identity is identity:{number})");
    }

    private PolicyEnd OfLabels(string text, string shown)
    {
        if (!LabelSelectorText.TryParse(text, out LabelSelector? selector, out string? error))
        {
            throw new ApiRequestException($"find labels '{shown}': {error}");
        }

        IdentityRecord[] found = [.. engine.Identities.Where(identity => selector.Matches(identity.Labels)).OrderBy(identity => identity.Id)];
        return found switch
        {
            [var one] => new PolicyEnd(text, one.Id),
            [] => throw new ApiRequestException($"find labels '{shown}': no identity has them (see 'weft identity list')"),
            _ => throw new ApiRequestException(
                $"find labels '{shown}': several identities have them (give more labels, or one of these):"
                    + string.Concat(found.Select(one => $"\n  identity:{one.Id.Value} ({string.Join(", ", one.Labels)})"))),
        };
    }

    private PolicyEnd OfPod(string text, string shown)
    {
        PolicyEnd[] found =
        [
            .. agent.Endpoints.Table.All.Select(endpoint => endpoint.Record).Where(record => IsNamed(record.DisplayName, text)).Select(Of)
                .Concat(agent.Cluster.Addresses.Values.Where(record => record.Owner is { } owner && IsNamed(owner, text))
                    .OrderBy(record => record.Prefix.BaseAddress.IsIPv6()).Select(Of))
                .DistinctBy(end => end.Name),
        ];
        return found switch
        {
            [var one] => one,
            [] => OfNode(text) ?? throw new ApiRequestException(
                $"find '{shown}': no pod or node of the cluster is called so, and it is no reserved name (there are {string.Join(", ", ReservedNames())})"),
            _ => throw new ApiRequestException($"find pod '{shown}': which one? there are {string.Join(", ", found.Select(end => end.Name).Order(StringComparer.Ordinal))}"),
        };
    }

    private PolicyEnd? OfNode(string text) => agent.Local.Name.Value == text ? OfReserved(Identity.Host)
        : agent.Cluster.Nodes.Values.FirstOrDefault(node => node.Name.Value == text) is { Addresses: [IPAddress address, ..] } ? OfAddress(address)
        : null;

    private static IEnumerable<string> ReservedNames() => ReservedIdentities.All.Select(reserved => reserved.Id.ToString());

    private static bool IsNamed(string owner, string text) =>
        owner == text || (!text.Contains('/', StringComparison.Ordinal) && owner.EndsWith($"/{text}", StringComparison.Ordinal));
}
