using System.Buffers.Binary;
using System.Net;
using Weft.Abi;
using Weft.Api.Policies;
using Weft.Control.Node;
using Weft.Events;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Packets;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>The last packet that policy denied an endpoint, as the API shows it.</summary>
internal sealed class DenialPresenter(NodeAgent agent, TimeProvider clock)
{
    private readonly EventClock _clock = new(clock);

    public async Task<PolicyLastDenial> ShowAsync(EndpointId id, string name, CancellationToken cancellationToken) => new()
    {
        Endpoint = id.Value,
        Name = name,
        Since = agent.Denials.Since,
        Denial = agent.Denials.Find(id.Value) is { } record
            ? await agent.Policy.AskAsync(engine => Show(engine, record, id), cancellationToken).ConfigureAwait(false)
            : null,
    };

    private PolicyDenial? Show(PolicyEngine engine, ReadOnlyMemory<byte> bytes, EndpointId id)
    {
        if (!EventRecord.TryParse(bytes.Span, out EventRecord record) || record.Type != EventType.Policy)
        {
            return null;
        }

        PolicyRecord verdict = record.Policy;
        (IPEndPoint source, IPEndPoint destination) = EndsOf(record);
        PolicyQuestions questions = new(agent, engine);
        bool isToEndpoint = record.DestinationId != 0;
        PolicyEnd subject = agent.Endpoints.Table.TryFind(id) is { } endpoint ? questions.Ends.Of(endpoint.Record) : questions.Ends.OfReserved(Identity.Host);
        subject = subject with { Address = (isToEndpoint ? destination : source).Address };
        PolicyEnd peer = questions.Ends.OfAddress((isToEndpoint ? source : destination).Address);
        Identity identity = new(verdict.Peer);
        peer = peer.Identity == identity ? peer : new PolicyEnd(peer.Name, identity) { Address = peer.Address, Node = peer.Node };
        bool isIngress = verdict.Direction == MetricDirection.Ingress;
        return new PolicyDenial
        {
            Time = _clock.ToUtc(record.Header.Time),
            Direction = PolicyWords.Of(isIngress ? TrafficDirection.Ingress : TrafficDirection.Egress),
            Verdict = (PolicyVerdictCode)record.Header.Subtype == PolicyVerdictCode.DeniedByRule ? PolicySide.DeniedByRule : PolicySide.DeniedByDefault,
            IsAudited = (verdict.Flags & PolicyEventFlags.Audit) != 0,
            IsRevised = (verdict.Flags & PolicyEventFlags.Revised) != 0,
            Source = Text(source),
            Destination = Text(destination),
            RuleNumber = verdict.Rule,
            Rule = engine.FindRule(verdict.Rule) is { } rule ? PolicyWords.Of(rule.Origin) : null,
            Now = isIngress
                ? questions.Explain(peer, new PolicyTarget(subject, verdict.Port), verdict.Proto)
                : questions.Explain(subject, new PolicyTarget(peer, verdict.Port), verdict.Proto),
        };
    }

    private static (IPEndPoint Source, IPEndPoint Destination) EndsOf(EventRecord record)
    {
        IPEndPoint source = new(IPAddress.None, 0);
        IPEndPoint destination = new(IPAddress.None, 0);
        for (LayerReader layers = record.Layers(); layers.Next() && !layers.IsQuoted;)
        {
            if (layers.Kind == LayerKind.IPv4 && IPv4Header.TryParse(layers.Data, out IPv4Header ipv4))
            {
                (source.Address, destination.Address) = (ipv4.Source.ToIPAddress(), ipv4.Destination.ToIPAddress());
            }
            else if (layers.Kind == LayerKind.IPv6)
            {
                (source.Address, destination.Address) = (new IPAddress(layers.Data[8..24]), new IPAddress(layers.Data[24..40]));
            }
            else if (layers.Kind is LayerKind.Tcp or LayerKind.Udp or LayerKind.Sctp)
            {
                (source.Port, destination.Port) = (
                    BinaryPrimitives.ReadUInt16BigEndian(layers.Data), BinaryPrimitives.ReadUInt16BigEndian(layers.Data[2..]));
                break;
            }
        }

        return (source, destination);
    }

    private static string Text(IPEndPoint end) => end.Port == 0 ? end.Address.ToString() : end.ToString();
}
