using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Comparisons.</summary>
internal sealed partial class RuleText
{
    private void Compare(Expression expression)
    {
        uint register = expression.Number(NfTablesH.NFTA_CMP_SREG);
        Operand operand = _registers.Get(register);
        uint op = expression.Number(NfTablesH.NFTA_CMP_OP);
        byte[] value = expression.Value(NfTablesH.NFTA_CMP_DATA);
        if (operand.Text is null)
        {
            return;
        }

        if (op == NfTablesH.NFT_CMP_GTE && _at + 1 < _expressions.Length && _expressions[_at + 1] is { Name: "cmp" } next
            && next.Number(NfTablesH.NFTA_CMP_OP) == NfTablesH.NFT_CMP_LTE && next.Number(NfTablesH.NFTA_CMP_SREG) == register)
        {
            Add($"{operand.Text} {Format(operand, value)}-{Format(operand, next.Value(NfTablesH.NFTA_CMP_DATA))}");
            _at++;
        }
        else if (operand.Bitwise is { } bitwise)
        {
            CompareBits(operand, bitwise, op, value);
        }
        else
        {
            Match(operand, op, value);
        }
    }

    private void Match(Operand operand, uint op, byte[] value)
    {
        if (operand.Says != Layer.None && op == NfTablesH.NFT_CMP_EQ)
        {
            Learn(operand, ValueText.Number(value, operand.IsHostOrder));
        }

        if (operand.Kind == ValueKind.Boolean)
        {
            bool exists = (ValueText.Number(value, operand.IsHostOrder) != 0) == (op == NfTablesH.NFT_CMP_EQ);
            Add($"{operand.Text} {(exists ? "exists" : "missing")}");
            return;
        }

        string text = value.Length < operand.FullLength && operand.Kind is ValueKind.IPv4 or ValueKind.IPv6
            ? Prefix(operand, value, value.Length * BitsOfByte)
            : Format(operand, value);
        string sign = op == NfTablesH.NFT_CMP_EQ && ValueNames.IsFlags(operand.Kind) ? "== " : Sign(op);
        Add($"{operand.Text} {sign}{text}", op == NfTablesH.NFT_CMP_EQ ? operand.Says : Layer.None);
    }

    private static string Sign(uint op) => op switch
    {
        NfTablesH.NFT_CMP_NEQ => "!= ",
        NfTablesH.NFT_CMP_LT => "< ",
        NfTablesH.NFT_CMP_LTE => "<= ",
        NfTablesH.NFT_CMP_GT => "> ",
        NfTablesH.NFT_CMP_GTE => ">= ",
        _ => "",
    };

    /// <summary>What follows is of the protocol that the packet was compared with.</summary>
    private void Learn(Operand operand, ulong value)
    {
        if (operand.Says is Layer.Transport or Layer.TransportByHeader)
        {
            _transport = HeaderFields.TransportOf(value);
        }
        else if (operand.Says == Layer.Network)
        {
            _tagged |= operand.Kind == ValueKind.EtherType && value is 0x8100 or 0x88a8;
            _network = ValueNames.Of(operand.Kind, value) switch
            {
                "ip" or "ipv4" => HeaderFields.IPv4,
                "ip6" or "ipv6" => HeaderFields.IPv6,
                "arp" => HeaderFields.Arp,
                _ => _network,
            };
        }
    }

    private void CompareBits(Operand operand, (byte[] Mask, byte[] Xor) bitwise, uint op, byte[] value)
    {
        Operand of = operand.Of!;
        ulong mask = ValueText.Number(bitwise.Mask, of.IsHostOrder);
        ulong number = ValueText.Number(value, of.IsHostOrder);
        bool plain = !bitwise.Xor.AsSpan().ContainsAnyExcept((byte)0);
        (int Start, int Length)? run = Run(bitwise.Mask);
        if (plain && of.Kind is ValueKind.IPv4 or ValueKind.IPv6 && run is (0, int length))
        {
            Add($"{of.Text} {Sign(op)}{Prefix(of, value, length)}");
        }
        else if (AsField(operand) is { Shift: not null } field)
        {
            Add($"{field.Text} {Sign(op)}{Format(field, value)}");
        }
        else if (plain && ValueNames.IsFlags(of.Kind) && ValueNames.OfFlags(of.Kind, mask) is { } flags)
        {
            CompareFlags(of, flags, op, number);
        }
        else
        {
            string text = $"{of.Text} {Operation(of, bitwise)}";
            Add($"{text} {(op == NfTablesH.NFT_CMP_EQ ? "== " : Sign(op))}{Format(of, value)}");
        }
    }

    /// <summary>Masked bits that are a field of a header, as that field; others as they are.</summary>
    private Operand AsField(Operand operand)
    {
        if (operand is not { Bitwise: { } bitwise, Of.Bits: { Header: not null } bits } || bitwise.Xor.AsSpan().ContainsAnyExcept((byte)0)
            || Run(bitwise.Mask) is not (int start, int width)
            || HeaderFields.Find(bits.Header, bits.Offset + start, width) is not { } field)
        {
            return operand;
        }

        ImplyHeader(bits);
        return new Operand($"{bits.Header} {field.Name}", field.Kind, operand.Length) { Shift = bits.Length - start - width };
    }

    private void CompareFlags(Operand of, string flags, uint op, ulong number)
    {
        if (number == 0)
        {
            Add(op == NfTablesH.NFT_CMP_NEQ ? $"{of.Text} {flags}" : $"{of.Text} ! {flags}");
            return;
        }

        string text = ValueText.Of(of.Kind, number, _context.NameOf);
        Add($"{of.Text} {Sign(op)}{text} / {flags}");
    }

    private void Range(Expression expression)
    {
        Operand operand = _registers.Get(expression.Number(NfTablesH.NFTA_RANGE_SREG));
        if (operand.Text is not null)
        {
            Add($"{operand.Text} {Sign(expression.Number(NfTablesH.NFTA_RANGE_OP))}"
                + $"{Format(operand, expression.Value(NfTablesH.NFTA_RANGE_FROM_DATA))}-{Format(operand, expression.Value(NfTablesH.NFTA_RANGE_TO_DATA))}");
        }
    }

    private void Bitwise(Expression expression)
    {
        Operand of = _registers.Get(expression.Number(NfTablesH.NFTA_BITWISE_SREG));
        uint register = expression.Number(NfTablesH.NFTA_BITWISE_DREG);
        byte[] mask = expression.Value(NfTablesH.NFTA_BITWISE_MASK);
        byte[] xor = expression.Value(NfTablesH.NFTA_BITWISE_XOR);
        if (of.Text is null)
        {
            _registers.Set(register, of);
        }
        else if (expression.Number(NfTablesH.NFTA_BITWISE_OP) != 0 || mask.Length == 0 || mask.Length != xor.Length || of.Bitwise is not null)
        {
            AddUnknown(expression);
            _registers.Set(register, Operand.Unknown(of.Length));
        }
        else
        {
            _registers.Set(register, new Operand($"{of.Text} {Operation(of, (mask, xor))}", of.Kind, of.Length)
            {
                Bitwise = (mask, xor),
                Of = of,
                Bits = of.Bits,
                Swapped = of.Swapped,
            });
        }
    }

    /// <summary><c>&amp; 0xff</c>, <c>| 0x10</c>, <c>^ 0x1</c>, or several in this order.</summary>
    private string Operation(Operand of, (byte[] Mask, byte[] Xor) bitwise)
    {
        // A bit that is cleared and then flipped is set.
        byte[] set = [.. bitwise.Xor.Zip(bitwise.Mask, static (xor, mask) => (byte)(xor & ~mask))];
        byte[] flipped = [.. bitwise.Xor.Zip(bitwise.Mask, static (xor, mask) => (byte)(xor & mask))];
        byte[] kept = [.. bitwise.Mask.Zip(set, static (mask, bits) => (byte)(mask | bits))];
        List<string> parts = [];
        if (kept.AsSpan().ContainsAnyExcept((byte)0xff))
        {
            parts.Add($"& {Format(of, kept)}");
        }

        if (set.AsSpan().ContainsAnyExcept((byte)0))
        {
            parts.Add($"| {Format(of, set)}");
        }

        if (flipped.AsSpan().ContainsAnyExcept((byte)0))
        {
            parts.Add($"^ {Format(of, flipped)}");
        }

        return string.Join(' ', parts);
    }

    private static string Prefix(Operand operand, byte[] value, int length)
    {
        Span<byte> whole = stackalloc byte[operand.Kind == ValueKind.IPv6 ? 16 : 4];
        whole.Clear();
        value.AsSpan(0, Math.Min(value.Length, whole.Length)).CopyTo(whole);
        string text = ValueText.Of(operand.Kind, whole, false, static _ => null);
        return length == whole.Length * BitsOfByte ? text : $"{text}/{length}";
    }

    /// <summary>A register's content where something is set to it; null where it cannot be told.</summary>
    private string? Written(Operand value, ValueKind kind) => value.Constant is { } constant
        ? ValueText.Of(kind, constant, false, _context.NameOf)
        : value.Text;
}
