using System.Buffers.Binary;
using System.Net;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>Writes the expressions of the rules that turn tracing on.</summary>
internal ref struct TraceRuleWriter
{
    private const uint Register = NfTablesH.NFT_REG_1;

    /// <summary>From the outer UDP header's start to the inner IP header's: UDP 8, VXLAN 8, Ethernet 14.</summary>
    private const uint InnerNetwork = 30;
    private const uint InnerEtherType = InnerNetwork - 2;
    private const uint IPv4HeaderSize = 20;
    private const uint IPv6HeaderSize = 40;
    private const ushort EtherTypeIPv4 = 0x0800;
    private const ushort EtherTypeIPv6 = 0x86dd;
    private const byte Udp = 17;

    private NetlinkWriter _writer;

    private TraceRuleWriter(NetlinkWriter writer) => _writer = writer;

    /// <summary>A rule for packets themselves, or for VXLAN packets that carry such.</summary>
    public static byte[] Rule(string table, string chain, TraceFilter filter, bool isIPv6, bool inTunnel)
    {
        byte[] buffer = new byte[NfTablesMessages.Size];
        NetlinkWriter writer = NfTablesMessages.Begin(
            buffer, NfTablesH.NFT_MSG_NEWRULE, NetfilterFamily.Inet, (ushort)(NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_APPEND));
        writer.PutText(NfTablesH.NFTA_RULE_TABLE, table);
        writer.PutText(NfTablesH.NFTA_RULE_CHAIN, chain);
        int expressions = writer.BeginNested(NfTablesH.NFTA_RULE_EXPRESSIONS);
        TraceRuleWriter rule = new(writer);
        if (inTunnel)
        {
            rule.MatchTunnel(filter, isIPv6);
        }
        else
        {
            rule.MatchPacket(filter, isIPv6);
        }

        rule.Trace();
        rule._writer.EndNested(expressions);
        return rule._writer.Finish().ToArray();
    }

    private void MatchPacket(TraceFilter filter, bool isIPv6)
    {
        Meta(NfTablesH.NFT_META_NFPROTO);
        Equal([isIPv6 ? NfNetlinkH.NFPROTO_IPV6 : NfNetlinkH.NFPROTO_IPV4]);
        if (filter.Protocol is { } protocol)
        {
            Meta(NfTablesH.NFT_META_L4PROTO);
            Equal([protocol]);
        }

        MatchAddresses(filter, isIPv6, NfTablesH.NFT_PAYLOAD_NETWORK_HEADER, 0);
        MatchPorts(filter, 0);
    }

    private void MatchTunnel(TraceFilter filter, bool isIPv6)
    {
        Meta(NfTablesH.NFT_META_L4PROTO);
        Equal([Udp]);
        Port(2, filter.TunnelPort!.Value);
        Payload(NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER, InnerEtherType, 2);
        Equal(Bytes(isIPv6 ? EtherTypeIPv6 : EtherTypeIPv4));
        if (filter.Protocol is { } protocol)
        {
            // Of IPv6 that of the first header: extension headers inside hide the protocol from this rule.
            Payload(NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER, InnerNetwork + (isIPv6 ? 6u : 9u), 1);
            Equal([protocol]);
        }

        MatchAddresses(filter, isIPv6, NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER, InnerNetwork);
        MatchPorts(filter, InnerNetwork + (isIPv6 ? IPv6HeaderSize : IPv4HeaderSize));
    }

    private void MatchAddresses(TraceFilter filter, bool isIPv6, uint from, uint offset)
    {
        if (filter.Source is { } source)
        {
            Network(from, offset + (isIPv6 ? 8u : 12u), source);
        }

        if (filter.Destination is { } destination)
        {
            Network(from, offset + (isIPv6 ? 24u : 16u), destination);
        }
    }

    private void MatchPorts(TraceFilter filter, uint offset)
    {
        if (filter.SourcePort is { } source)
        {
            Port(offset, source);
        }

        if (filter.DestinationPort is { } destination)
        {
            Port(offset + 2, destination);
        }
    }

    /// <summary>Counts all, and traces as many as a reader can follow.</summary>
    private void Trace()
    {
        (int outer, int inner) = Begin("counter");
        _writer.PutUInt64BigEndian(NfTablesH.NFTA_COUNTER_BYTES, 0);
        _writer.PutUInt64BigEndian(NfTablesH.NFTA_COUNTER_PACKETS, 0);
        End(outer, inner);

        (outer, inner) = Begin("limit");
        _writer.PutUInt64BigEndian(NfTablesH.NFTA_LIMIT_RATE, TraceTable.PacketsPerSecond);
        _writer.PutUInt64BigEndian(NfTablesH.NFTA_LIMIT_UNIT, 1);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_LIMIT_BURST, TraceTable.PacketsPerSecond);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_LIMIT_TYPE, NfTablesH.NFT_LIMIT_PKTS);
        End(outer, inner);

        (outer, inner) = Begin("immediate");
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_IMMEDIATE_DREG, Register);
        Data(NfTablesH.NFTA_IMMEDIATE_DATA, [1]);
        End(outer, inner);

        (outer, inner) = Begin("meta");
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_META_KEY, NfTablesH.NFT_META_NFTRACE);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_META_SREG, Register);
        End(outer, inner);
    }

    private void Port(uint offset, ushort port)
    {
        Payload(NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER, offset, 2);
        Equal(Bytes(port));
    }

    private void Network(uint from, uint offset, IPNetwork network)
    {
        byte[] address = network.BaseAddress.GetAddressBytes();
        Payload(from, offset, (uint)address.Length);
        if (network.PrefixLength < address.Length * 8)
        {
            byte[] mask = new byte[address.Length];
            for (int bit = 0; bit < network.PrefixLength; bit++)
            {
                mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
            }

            (int outer, int inner) = Begin("bitwise");
            _writer.PutUInt32BigEndian(NfTablesH.NFTA_BITWISE_SREG, Register);
            _writer.PutUInt32BigEndian(NfTablesH.NFTA_BITWISE_DREG, Register);
            _writer.PutUInt32BigEndian(NfTablesH.NFTA_BITWISE_LEN, (uint)mask.Length);
            Data(NfTablesH.NFTA_BITWISE_MASK, mask);
            Data(NfTablesH.NFTA_BITWISE_XOR, new byte[mask.Length]);
            End(outer, inner);
        }

        Equal(address);
    }

    private void Meta(uint key)
    {
        (int outer, int inner) = Begin("meta");
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_META_KEY, key);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_META_DREG, Register);
        End(outer, inner);
    }

    private void Payload(uint from, uint offset, uint length)
    {
        (int outer, int inner) = Begin("payload");
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_PAYLOAD_DREG, Register);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_PAYLOAD_BASE, from);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_PAYLOAD_OFFSET, offset);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_PAYLOAD_LEN, length);
        End(outer, inner);
    }

    private void Equal(scoped ReadOnlySpan<byte> value)
    {
        (int outer, int inner) = Begin("cmp");
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_CMP_SREG, Register);
        _writer.PutUInt32BigEndian(NfTablesH.NFTA_CMP_OP, NfTablesH.NFT_CMP_EQ);
        Data(NfTablesH.NFTA_CMP_DATA, value);
        End(outer, inner);
    }

    private void Data(ushort type, scoped ReadOnlySpan<byte> value)
    {
        int data = _writer.BeginNested(type);
        _writer.PutBytes(NfTablesH.NFTA_DATA_VALUE, value);
        _writer.EndNested(data);
    }

    private (int Outer, int Inner) Begin(string name)
    {
        int outer = _writer.BeginNested(NfTablesH.NFTA_LIST_ELEM);
        _writer.PutText(NfTablesH.NFTA_EXPR_NAME, name);
        return (outer, _writer.BeginNested(NfTablesH.NFTA_EXPR_DATA));
    }

    private void End(int outer, int inner)
    {
        _writer.EndNested(inner);
        _writer.EndNested(outer);
    }

    private static byte[] Bytes(ushort value)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
