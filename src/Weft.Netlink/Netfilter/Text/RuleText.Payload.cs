using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Fields of headers.</summary>
internal sealed partial class RuleText
{
    private const int BitsOfByte = 8;
    private const int Longest = 64;

    private void Payload(Expression expression)
    {
        uint at = expression.Number(NfTablesH.NFTA_PAYLOAD_BASE);
        int offset = (int)Math.Min(expression.Number(NfTablesH.NFTA_PAYLOAD_OFFSET), ushort.MaxValue) * BitsOfByte;
        int bytes = (int)Math.Min(expression.Number(NfTablesH.NFTA_PAYLOAD_LEN), Longest);
        PacketBits bits = new(at, HeaderAt(at, offset), offset, bytes * BitsOfByte);
        if (expression.Has(NfTablesH.NFTA_PAYLOAD_SREG))
        {
            Write(expression, bits);
            return;
        }

        Operand operand = OperandOf(bits, bytes);
        Load(expression.Number(NfTablesH.NFTA_PAYLOAD_DREG), operand);
    }

    private Operand OperandOf(PacketBits bits, int bytes)
    {
        if (bits.Header is null || HeaderFields.Find(bits.Header, bits.Offset, bits.Length) is not { } field)
        {
            return bits.Header is not null && HeaderFields.FindBeginning(bits.Header, bits.Offset, bits.Length) is { } longer
                ? FieldOperand(bits, longer, bytes) with { FullLength = longer.Length / BitsOfByte }
                : new Operand(RawText(bits), ValueKind.Hex, bytes) { Bits = bits };
        }

        return FieldOperand(bits, field, bytes);
    }

    private Operand FieldOperand(PacketBits bits, HeaderField field, int bytes)
    {
        ImplyHeader(bits);
        return new Operand($"{bits.Header} {field.Name}", field.Kind, bytes)
        {
            Bits = bits,
            Says = (bits.Header, field.Name) switch
            {
                (HeaderFields.Ether or HeaderFields.Vlan, "type") => Layer.Network,
                (HeaderFields.IPv4, "protocol") => Layer.TransportByHeader,
                (HeaderFields.IPv6, "nexthdr") => Layer.TransportByHeader,
                _ => Layer.None,
            },
        };
    }

    private string? HeaderAt(uint at, int offset) => at switch
    {
        NfTablesH.NFT_PAYLOAD_LL_HEADER => _tagged && offset >= 112 ? HeaderFields.Vlan : HeaderFields.Ether,
        NfTablesH.NFT_PAYLOAD_NETWORK_HEADER => _network,
        NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER => _transport ?? HeaderFields.Transport,
        _ => null,
    };

    /// <summary>A field's name tells which header it is of: what said so before goes.</summary>
    private void ImplyHeader(PacketBits bits)
    {
        switch (bits.Base)
        {
            case NfTablesH.NFT_PAYLOAD_LL_HEADER when bits.Header == HeaderFields.Vlan:
                Imply(Layer.Network, Layer.Link);
                break;
            case NfTablesH.NFT_PAYLOAD_LL_HEADER:
                Imply(Layer.Link);
                break;
            case NfTablesH.NFT_PAYLOAD_NETWORK_HEADER:
                Imply(Layer.Network);
                break;
            case NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER when bits.Header is "icmp" or "icmpv6":
                Imply(Layer.Network, Layer.Transport);
                break;
            case NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER when bits.Header != HeaderFields.Transport:
                if (_rule.Family is NetfilterFamily.IPv4 or NetfilterFamily.IPv6)
                {
                    Imply(Layer.Transport, Layer.TransportByHeader);
                }
                else
                {
                    Imply(Layer.Transport);
                }

                break;
            default:
                break;
        }
    }

    private static string RawText(PacketBits bits)
    {
        string? start = bits.Base switch
        {
            NfTablesH.NFT_PAYLOAD_LL_HEADER => "ll",
            NfTablesH.NFT_PAYLOAD_NETWORK_HEADER => "nh",
            NfTablesH.NFT_PAYLOAD_TRANSPORT_HEADER => "th",
            _ => "ih",
        };
        return $"@{start},{bits.Offset},{bits.Length}";
    }

    /// <summary>A field that is set: its bytes as they are, or those around it with some bits changed.</summary>
    private void Write(Expression expression, PacketBits bits)
    {
        Operand value = _registers.Get(expression.Number(NfTablesH.NFTA_PAYLOAD_SREG));
        if (value.Bitwise is { } change && value.Of?.Bits == bits && Run(Flipped(change.Mask)) is (int start, int length))
        {
            ulong number = ValueText.Number(change.Xor, hostOrder: false) >> (bits.Length - start - length);
            PacketBits part = bits with { Offset = bits.Offset + start, Length = length };
            if (part.Header is not null && HeaderFields.Find(part.Header, part.Offset, part.Length) is { } changed)
            {
                Add($"{part.Header} {changed.Name} set {ValueText.Of(changed.Kind, number, _context.NameOf)}");
                return;
            }
        }

        Operand target = OperandOf(bits, bits.Length / BitsOfByte);
        Add(Written(value, target.Kind) is { } text ? $"{target.Text} set {text}" : $"[{expression.Name}]");
    }

    /// <summary>Start and length of the only run of ones, in bits; null where there is another number of runs.</summary>
    private static (int Start, int Length)? Run(ReadOnlySpan<byte> bytes)
    {
        int start = -1;
        int end = -1;
        for (int bit = 0; bit < bytes.Length * BitsOfByte; bit++)
        {
            bool one = (bytes[bit / BitsOfByte] & (0x80 >> (bit % BitsOfByte))) != 0;
            if (one && end >= 0)
            {
                return null;
            }

            if (one && start < 0)
            {
                start = bit;
            }
            else if (!one && start >= 0 && end < 0)
            {
                end = bit;
            }
        }

        return start < 0 ? null : (start, (end < 0 ? bytes.Length * BitsOfByte : end) - start);
    }

    private static byte[] Flipped(byte[] bytes) => [.. bytes.Select(static value => (byte)~value)];
}
