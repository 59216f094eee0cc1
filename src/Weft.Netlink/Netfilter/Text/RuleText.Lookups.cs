using System.Numerics;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Sets and maps.</summary>
internal sealed partial class RuleText
{
    private const int PartWidth = 4;

    /// <summary>nft's numbers of types that maps lead to (<c>enum datatypes</c> in its datatype.h).</summary>
    private static (ValueKind Kind, int Length) TypeOf(uint number) => number switch
    {
        4 => (ValueKind.Decimal, 4),
        7 => (ValueKind.IPv4, 4),
        8 => (ValueKind.IPv6, 16),
        9 => (ValueKind.Ether, 6),
        12 => (ValueKind.Protocol, 1),
        13 => (ValueKind.Port, 2),
        19 => (ValueKind.Mark, 4),
        _ => (ValueKind.Unknown, PartWidth),
    };

    private void Lookup(Expression expression)
    {
        string name = expression.Text(NfTablesH.NFTA_LOOKUP_SET) ?? "";
        uint register = expression.Number(NfTablesH.NFTA_LOOKUP_SREG);
        SetRecord? set = _context.FindSet(_rule.Family, _rule.Table, name);
        IReadOnlyList<Operand> key = set is null ? [_registers.Get(register)] : _registers.Gather(register, set.KeyLength);
        key = [.. key.Select(AsField)];
        bool known = key.All(static part => part.Text is not null);
        string looked = string.Join(" . ", key.Select(static part => part.Text));
        bool inverted = (expression.Number(NfTablesH.NFTA_LOOKUP_FLAGS) & NfTablesH.NFT_LOOKUP_F_INV) != 0;
        bool isMap = expression.Has(NfTablesH.NFTA_LOOKUP_DREG);
        uint target = expression.Number(NfTablesH.NFTA_LOOKUP_DREG);
        (ValueKind Kind, int Length)[] types = isMap && target != 0 ? TypesOf(set?.DataType ?? 0) : [];
        string? content = set is null || (set.Flags & NfTablesH.NFT_SET_ANONYMOUS) == 0
            ? $"@{name}"
            : Elements(set, key, types);
        if (!known || content is null)
        {
            AddUnknown(expression);
        }
        else if (!isMap)
        {
            Add($"{looked} {(inverted ? "!= " : "")}{content}");
        }
        else if (target == 0)
        {
            Add($"{looked} vmap {content}");
        }

        if (isMap && target != 0)
        {
            ValueKind kind = types is [(ValueKind only, _)] ? only : ValueKind.Unknown;
            _registers.Set(target, new Operand(
                known && content is not null ? $"{looked} map {content}" : null, kind, types.Sum(static type => Aligned(type.Length))));
        }
    }

    private static (ValueKind Kind, int Length)[] TypesOf(uint type)
    {
        List<(ValueKind, int)> types = [];
        for (; type != 0; type >>= 6)
        {
            types.Insert(0, TypeOf(type & 0x3f));
        }

        return types.Count == 0 ? [(ValueKind.Unknown, PartWidth)] : [.. types];
    }

    /// <summary>Null if some of them cannot be told.</summary>
    private string? Elements(SetRecord set, IReadOnlyList<Operand> key, (ValueKind Kind, int Length)[] types)
    {
        bool intervals = (set.Flags & NfTablesH.NFT_SET_INTERVAL) != 0 && key.Count == 1;
        IEnumerable<(BigInteger Order, string Key, SetElement Element)> rows = intervals
            ? Intervals(set, key[0])
            : set.Elements.Select(element => (OrderOf(element.Key, key), KeyText(element, key), element));
        List<string> written = [];
        foreach ((_, string text, SetElement element) in rows.OrderBy(static row => row.Order))
        {
            if (ResultText(element, types) is not { } result)
            {
                return null;
            }

            written.Add(result.Length == 0 ? text : $"{text} : {result}");
        }

        return $"{{ {string.Join(", ", written)} }}";
    }

    private IEnumerable<(BigInteger Order, string Key, SetElement Element)> Intervals(SetRecord set, Operand key)
    {
        // A start, and an end that is no part of it any more; the last one has no end where it reaches the greatest value.
        SetElement[] sorted = [.. set.Elements.Where(static element => element.Key.Length > 0)
            .OrderBy(element => Big(element.Key)).ThenBy(static element => IsEnd(element) ? 0 : 1)];
        for (int index = 0; index < sorted.Length; index++)
        {
            if (IsEnd(sorted[index]))
            {
                continue;
            }

            SetElement start = sorted[index];
            BigInteger first = Big(start.Key);
            BigInteger last = index + 1 < sorted.Length ? Big(sorted[index + 1].Key) - 1 : (BigInteger.One << (start.Key.Length * BitsOfByte)) - 1;
            yield return (first, IntervalText(key, start.Key, first, last), start);
        }
    }

    private string IntervalText(Operand key, byte[] start, BigInteger first, BigInteger last)
    {
        // Where the key was turned into network order for the set, so are the elements.
        Operand shown = key with { Swapped = ValueText.IsHostOrder(key.Kind) };
        BigInteger size = last - first + 1;
        if (size.IsOne)
        {
            return Format(shown, start);
        }

        bool isPrefix = size.IsPowerOfTwo && (first & (size - 1)).IsZero && key.Kind is ValueKind.IPv4 or ValueKind.IPv6;
        return isPrefix
            ? $"{Format(shown, start)}/{start.Length * BitsOfByte - (int)(size.GetBitLength() - 1)}"
            : $"{Format(shown, start)}-{Format(shown, Bytes(last, start.Length))}";
    }

    private string KeyText(SetElement element, IReadOnlyList<Operand> key)
    {
        if ((element.Flags & NfTablesH.NFT_SET_ELEM_CATCHALL) != 0 || element.Key.Length == 0)
        {
            return "*";
        }

        List<string> parts = [];
        int offset = 0;
        foreach (Operand part in key)
        {
            ReadOnlySpan<byte> from = Part(element.Key, offset, part.Length);
            ReadOnlySpan<byte> to = element.KeyEnd is { } end ? Part(end, offset, part.Length) : from;
            parts.Add(from.SequenceEqual(to) ? Format(part, from) : IntervalText(part, from.ToArray(), Big(from), Big(to)));
            offset += Aligned(part.Length);
        }

        return string.Join(" . ", parts);
    }

    private string? ResultText(SetElement element, (ValueKind Kind, int Length)[] types)
    {
        if (element.Verdict is { } verdict)
        {
            return verdict.ToString();
        }

        if (element.Value is not { } value)
        {
            return "";
        }

        List<string> parts = [];
        int offset = 0;
        foreach ((ValueKind kind, int length) in types)
        {
            if (kind == ValueKind.Unknown)
            {
                return null;
            }

            parts.Add(ValueText.Of(kind, Part(value, offset, length), false, _context.NameOf));
            offset += Aligned(length);
        }

        return string.Join(" . ", parts);
    }

    private static ReadOnlySpan<byte> Part(byte[] key, int offset, int length) =>
        offset >= key.Length ? default : key.AsSpan(offset, Math.Min(length, key.Length - offset));

    private static BigInteger OrderOf(byte[] key, IReadOnlyList<Operand> parts) =>
        parts is [{ IsHostOrder: true } only] ? ValueText.Number(key, hostOrder: only.IsHostOrder) : Big(key);

    private static bool IsEnd(SetElement element) => (element.Flags & NfTablesH.NFT_SET_ELEM_INTERVAL_END) != 0;

    private static BigInteger Big(ReadOnlySpan<byte> key) => new(key, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger value, int length)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Math.Max(0, length - bytes.Length)], .. bytes];
    }

    private static int Aligned(int length) => (length + PartWidth - 1) / PartWidth * PartWidth;

    private void Dynset(Expression expression)
    {
        string name = expression.Text(NfTablesH.NFTA_DYNSET_SET_NAME) ?? "";
        uint register = expression.Number(NfTablesH.NFTA_DYNSET_SREG_KEY);
        SetRecord? set = _context.FindSet(_rule.Family, _rule.Table, name);
        IReadOnlyList<Operand> key = set is null ? [_registers.Get(register)] : _registers.Gather(register, set.KeyLength);
        string? op = expression.Number(NfTablesH.NFTA_DYNSET_OP) switch
        {
            NfTablesH.NFT_DYNSET_OP_ADD => "add",
            NfTablesH.NFT_DYNSET_OP_UPDATE => "update",
            NfTablesH.NFT_DYNSET_OP_DELETE => "delete",
            _ => null,
        };
        if (op is null || key.Any(static part => part.Text is null) || expression.Has(NfTablesH.NFTA_DYNSET_SREG_DATA))
        {
            AddUnknown(expression);
            return;
        }

        ulong timeout = expression.Long(NfTablesH.NFTA_DYNSET_TIMEOUT);
        string text = string.Join(" . ", key.Select(static part => part.Text));
        text += timeout > 0 ? $" timeout {ValueText.Duration(timeout)}" : "";
        if (expression.TryFind(NfTablesH.NFTA_DYNSET_EXPR, out Wire.NetlinkAttribute single))
        {
            text += $" {new RuleText(_rule, [Expression.Parse(single.Nested)], _context).Write()}";
        }
        else if (expression.TryFind(NfTablesH.NFTA_DYNSET_EXPRESSIONS, out Wire.NetlinkAttribute several))
        {
            text += $" {new RuleText(_rule, Expression.ParseList(several.Nested), _context).Write()}";
        }

        Add($"{op} @{name} {{ {text} }}");
    }
}
