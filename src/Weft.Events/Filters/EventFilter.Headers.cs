using System.Buffers.Binary;
using Weft.Packets;

namespace Weft.Events;

/// <content>Conditions on the headers of a packet, in one walk over them.</content>
public sealed partial record EventFilter
{
    private bool MatchesHeaders(in EventRecord record, ushort tunnelPort)
    {
        uint open = OpenEnds(record);
        bool port = Ports.IsEmpty;
        bool protocol = Protocols.IsEmpty;
        bool packet = Packet is null;
        for (LayerReader layers = record.Layers(tunnelPort); (open != 0 || !port || !protocol || !packet) && layers.Next();)
        {
            open &= ~MetBy(layers, open);
            port = port || HasPort(layers);
            protocol = protocol || Protocols.Contains(PacketProtocols.Of(layers));
            packet = packet || (layers.Kind is LayerKind.IPv4 or LayerKind.IPv6 && !layers.IsQuoted && Packet!(layers.Data, (int)record.LengthOnWire - (record.Packet.Length - layers.Data.Length)));
        }

        return open == 0 && port && protocol && packet;
    }

    /// <summary>A bit for every condition that the event's own numbers do not meet.</summary>
    private uint OpenEnds(in EventRecord record)
    {
        uint open = 0;
        (uint fromIdentity, uint toIdentity) = record.Identities;
        for (int index = 0; index < Ends.Length; index++)
        {
            EndCondition end = Ends[index];
            bool from = end.Endpoints.Contains(record.SenderId) || end.Identities.Contains(fromIdentity);
            bool to = end.Endpoints.Contains(record.DestinationId) || end.Identities.Contains(toIdentity);
            open |= IsMet(end.Side, from, to) ? 0 : 1u << index;
        }

        return open;
    }

    private uint MetBy(in LayerReader layers, uint open)
    {
        uint met = 0;
        for (int index = 0; index < Ends.Length; index++)
        {
            EndCondition end = Ends[index];
            if ((open & (1u << index)) != 0 && !end.Addresses.IsEmpty && (end.Side == EndSide.Any || !layers.IsQuoted))
            {
                (bool from, bool to) = Contains(end, layers);
                met |= IsMet(end.Side, from, to) ? 1u << index : 0;
            }
        }

        return met;
    }

    private static bool IsMet(EndSide side, bool from, bool to) => side switch
    {
        EndSide.From => from,
        EndSide.To => to,
        _ => from || to,
    };

    private static (bool From, bool To) Contains(EndCondition end, in LayerReader layers)
    {
        bool from = false;
        bool to = false;
        foreach (AddressRange range in end.Addresses)
        {
            switch (layers.Kind)
            {
                case LayerKind.IPv4 when IPv4Header.TryParse(layers.Data, out IPv4Header ip):
                    from |= range.Contains(ip.Source);
                    to |= range.Contains(ip.Destination);
                    break;
                case LayerKind.IPv6 when IPv6Header.TryParse(layers.Data, out IPv6Header ip):
                    from |= range.Contains(ip.Source);
                    to |= range.Contains(ip.Destination);
                    break;
                case LayerKind.Arp when ArpPacket.TryParse(layers.Data, out ArpPacket arp):
                    from |= range.Contains(arp.SenderAddress);
                    to |= range.Contains(arp.TargetAddress);
                    break;
            }
        }

        return (from, to);
    }

    private bool HasPort(in LayerReader layers) => layers.Kind is LayerKind.Tcp or LayerKind.Udp or LayerKind.Sctp
        && (Ports.Contains(BinaryPrimitives.ReadUInt16BigEndian(layers.Data)) || Ports.Contains(BinaryPrimitives.ReadUInt16BigEndian(layers.Data[2..])));
}
