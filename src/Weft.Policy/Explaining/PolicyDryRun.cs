using System.Collections.Immutable;
using System.Net;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>Compares the policies that are there with others, flow by flow, before anybody applies them.</summary>
public sealed class PolicyDryRun
{
    private static readonly TrafficDirection[] s_directions = [TrafficDirection.Ingress, TrafficDirection.Egress];

    private readonly PolicyEngine _before;
    private readonly PolicyEngine _after;
    private readonly HashSet<PolicyConnection> _seen = [];

    private PolicyDryRun(PolicyEngine before, PolicyEngine after)
    {
        _before = before;
        _after = after;
    }

    /// <param name="current">Stays as it is. All changes to it must be resolved.</param>
    /// <param name="put">Documents to add or to replace those of the same name.</param>
    /// <param name="connections">Looked at one by one.</param>
    /// <param name="most">So many pairs are listed.</param>
    public static DryRunReport Compare(
        PolicyEngine current, IEnumerable<PolicyDocument> put, IEnumerable<PolicyName> remove, IEnumerable<PolicyConnection> connections,
        int most = 1000) => Compare(
        current,
        other =>
        {
            foreach (PolicyName name in remove)
            {
                other.RemovePolicy(name);
            }

            foreach (PolicyDocument document in put)
            {
                other.PutPolicy(document);
            }
        },
        connections, most);

    /// <param name="current">Stays as it is. All changes to it must be resolved.</param>
    /// <param name="change">Done to a copy of it.</param>
    /// <param name="connections">Looked at one by one.</param>
    /// <param name="most">So many pairs are listed.</param>
    public static DryRunReport Compare(PolicyEngine current, Action<PolicyEngine> change, IEnumerable<PolicyConnection> connections, int most = 1000)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(change);
        PolicyEngine other = current.Copy();
        change(other);
        other.Resolve();
        PolicyDryRun run = new(current, other);
        List<VerdictChange> pairs = [];
        int count = 0;
        foreach (VerdictChange pair in run.Pairs())
        {
            count++;
            if (pairs.Count < most)
            {
                pairs.Add(pair);
            }
        }

        return new DryRunReport([.. pairs], count, [.. connections.Select(connection => run.Judge(connection, isForOtherPorts: false)).OfType<VerdictChange>()]);
    }

    private IEnumerable<VerdictChange> Pairs()
    {
        ImmutableArray<FlowEnd> ends = [.. Ends()];
        Dictionary<(PolicyTable, PolicyTable), bool> compared = [];
        foreach (FlowEnd subject in ends.Where(end => end.Prefix is null))
        {
            PolicyTable before = TableOf(_before, subject.Identity);
            PolicyTable after = TableOf(_after, subject.Identity);
            if (!compared.TryGetValue((before, after), out bool differs))
            {
                // Prefixes may have other numbers in the copy, so tables that look different may still say the same.
                compared.Add((before, after), differs = before != after && TableDifference.Of(before, after, [], peers: null) is not null);
            }

            if (differs)
            {
                foreach (VerdictChange change in ChangesOf(subject, before, after, ends))
                {
                    yield return change;
                }
            }
        }
    }

    private IEnumerable<VerdictChange> ChangesOf(FlowEnd subject, PolicyTable before, PolicyTable after, ImmutableArray<FlowEnd> ends)
    {
        foreach (TrafficDirection direction in s_directions)
        {
            List<(byte Protocol, ushort Port, bool IsOther)> ports = [.. PortsOf(subject.Identity, direction)];
            foreach (FlowEnd peer in ends)
            {
                Identity was = IdentityIn(_before, peer);
                Identity becomes = IdentityIn(_after, peer);
                foreach ((byte protocol, ushort port, bool isOther) in ports)
                {
                    if (before.Lookup(direction, was, protocol, port).IsAllowed == after.Lookup(direction, becomes, protocol, port).IsAllowed)
                    {
                        continue;
                    }

                    (FlowEnd from, FlowEnd to) = direction == TrafficDirection.Egress ? (subject, peer) : (peer, subject);
                    PolicyConnection flow = new(from, to, protocol, port);
                    if (_seen.Add(flow) && Judge(flow, isOther) is { } change)
                    {
                        yield return change;
                    }
                }
            }
        }
    }

    /// <summary>Null: nothing changes.</summary>
    private VerdictChange? Judge(PolicyConnection flow, bool isForOtherPorts)
    {
        (bool wasAllowed, _) = Verdict(_before, flow);
        (bool isAllowed, RuleOrigin? rule) = Verdict(_after, flow);
        return wasAllowed == isAllowed ? null : new VerdictChange(flow, wasAllowed, isForOtherPorts, rule);
    }

    private static (bool IsAllowed, RuleOrigin? Rule) Verdict(PolicyEngine engine, PolicyConnection flow)
    {
        Identity source = IdentityIn(engine, flow.Source);
        Identity destination = IdentityIn(engine, flow.Destination);
        PolicyDecision egress = TableOf(engine, source).Lookup(TrafficDirection.Egress, destination, flow.Protocol, flow.Port);
        PolicyDecision ingress = TableOf(engine, destination).Lookup(TrafficDirection.Ingress, source, flow.Protocol, flow.Port);
        PolicyDecision decisive = egress.IsAllowed ? ingress : egress;
        return (egress.IsAllowed && ingress.IsAllowed, (decisive.Entry ?? egress.Entry)?.Rule?.Rule.Origin);
    }

    /// <summary>Everybody who is known, and the addresses that any rule tells from others.</summary>
    private IEnumerable<FlowEnd> Ends()
    {
        IEnumerable<IPNetwork> prefixes = _before.Prefixes.Concat(_after.Prefixes).Select(prefix => prefix.Prefix);
        HashSet<Identity> ofPrefixes = [.. _before.Prefixes.Select(prefix => prefix.Identity)];
        return _before.Identities.Select(identity => identity.Id).Where(identity => !ofPrefixes.Contains(identity)).Order()
            .Select(identity => new FlowEnd(identity))
            .Concat(prefixes.Distinct().Order(PrefixOrder.Instance).Select(prefix => new FlowEnd(_before.IdentityOf(prefix), prefix)));
    }

    private static Identity IdentityIn(PolicyEngine engine, FlowEnd end) => end.Prefix is { } prefix ? engine.IdentityOf(prefix) : end.Identity;

    private static PolicyTable TableOf(PolicyEngine engine, Identity identity) => engine.TableOf(identity);

    /// <summary>The ports that rules for the subject name now or then, at their edges, and one a protocol that none names.</summary>
    private IEnumerable<(byte Protocol, ushort Port, bool IsOther)> PortsOf(Identity subject, TrafficDirection direction)
    {
        HashSet<(byte Protocol, ushort Port)> named = [];
        foreach (PolicyEngine engine in (PolicyEngine[])[_before, _after])
        {
            foreach (PortMatch match in engine.ProfileOf(subject).Rules(direction).SelectMany(rule => rule.Rule.Ports ?? []))
            {
                Add(named, engine, match);
            }
        }

        foreach (byte protocol in (byte[])[Protocols.Tcp, Protocols.Udp, Protocols.Sctp, Protocols.Icmp, Protocols.Icmpv6])
        {
            ushort other = 1;
            while (named.Contains((protocol, other)))
            {
                other++;
            }

            yield return (protocol, other, true);
        }

        foreach ((byte protocol, ushort port) in named.Order())
        {
            yield return (protocol, port, false);
        }
    }

    private static void Add(HashSet<(byte Protocol, ushort Port)> named, PolicyEngine engine, PortMatch match)
    {
        if (match.Name is not null)
        {
            foreach (NamedPort port in engine.States.SelectMany(state => state.Ports).Where(port => port.Name == match.Name))
            {
                named.Add((port.Protocol, port.Port));
            }

            return;
        }

        foreach (byte protocol in match.Protocol == PortMatch.AnyProtocol ? Protocols.WithPorts : [match.Protocol])
        {
            // All ports are what the port stands for that no rule names.
            if (!match.IsAllPorts)
            {
                named.Add((protocol, match.First));
                named.Add((protocol, match.Last));
            }
        }
    }
}
