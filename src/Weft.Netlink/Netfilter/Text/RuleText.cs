using System.Collections.Immutable;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Writes a rule's expressions in nft's language.</summary>
/// <remarks>
/// nft compiles a statement to loads into registers, comparisons and actions; this goes the way back. An expression that is not
/// known stands as its name in brackets: nothing is guessed. What nft leaves out, since another part implies it, is left out too.
/// </remarks>
internal sealed partial class RuleText
{
    private readonly RuleContext _context;
    private readonly RuleRecord _rule;
    private readonly Registers _registers = new();
    private readonly List<Statement> _statements = [];
    private readonly ImmutableArray<Expression> _expressions;
    private int _at;

    /// <summary>ip, ip6 or arp, as far as it is known here; of what follows the link header.</summary>
    private string? _network;

    /// <summary>tcp, udp, …</summary>
    private string? _transport;
    private bool _tagged;

    private RuleText(RuleRecord rule, ImmutableArray<Expression> expressions, RuleContext context)
    {
        _rule = rule;
        _context = context;
        _expressions = expressions;
        _network = rule.Family switch
        {
            NetfilterFamily.IPv4 => HeaderFields.IPv4,
            NetfilterFamily.IPv6 => HeaderFields.IPv6,
            NetfilterFamily.Arp => HeaderFields.Arp,
            _ => null,
        };
    }

    public static string Of(RuleRecord rule, RuleContext context)
    {
        string text = new RuleText(rule, rule.Expressions, context).Write();
        return rule.Comment is null ? text : $"{text} comment \"{rule.Comment}\"".TrimStart();
    }

    private string Write()
    {
        for (_at = 0; _at < _expressions.Length; _at++)
        {
            Read(_expressions[_at]);
        }

        return string.Join(' ', _statements.Where(static statement => statement.Text.Length > 0).Select(static statement => statement.Text));
    }

    private void Read(Expression expression)
    {
        switch (expression.Name)
        {
            case "meta":
                Meta(expression);
                break;
            case "payload":
                Payload(expression);
                break;
            case "ct":
                Ct(expression);
                break;
            case "fib":
                Fib(expression);
                break;
            case "rt":
                Rt(expression);
                break;
            case "socket":
                Socket(expression);
                break;
            case "numgen":
                Numgen(expression);
                break;
            case "immediate":
                Immediate(expression);
                break;
            case "cmp":
                Compare(expression);
                break;
            case "range":
                Range(expression);
                break;
            case "bitwise":
                Bitwise(expression);
                break;
            case "byteorder":
                _registers.Set(
                    expression.Number(NfTablesH.NFTA_BYTEORDER_DREG),
                    _registers.Get(expression.Number(NfTablesH.NFTA_BYTEORDER_SREG)) with { Swapped = true });
                break;
            case "lookup":
                Lookup(expression);
                break;
            default:
                Act(expression);
                break;
        }
    }

    private void Add(string text, Layer says = Layer.None) => _statements.Add(new Statement(text, says));

    private void AddUnknown(Expression expression) => Add($"[{expression.Name}]");

    /// <summary>Takes a statement away that the one to come implies.</summary>
    private void Imply(params ReadOnlySpan<Layer> layers)
    {
        for (int index = _statements.Count - 1; index >= 0; index--)
        {
            if (layers.Contains(_statements[index].Says))
            {
                _statements[index] = new Statement("");
            }
        }
    }

    private string Format(Operand operand, ReadOnlySpan<byte> value) => operand.Shift is { } shift
        ? ValueText.Of(operand.Kind, ValueText.Number(value, hostOrder: false) >> shift, _context.NameOf)
        : ValueText.Of(operand.Kind, value, operand.Swapped, _context.NameOf);

    private void Immediate(Expression expression)
    {
        if (!expression.TryFind(NfTablesH.NFTA_IMMEDIATE_DATA, out NetlinkAttribute data))
        {
            AddUnknown(expression);
        }
        else if (Expression.VerdictIn(data.Nested) is { } verdict)
        {
            Add(verdict.ToString());
        }
        else
        {
            byte[] value = Expression.ValueIn(data.Nested);
            _registers.Set(
                expression.Number(NfTablesH.NFTA_IMMEDIATE_DREG),
                new Operand($"0x{Convert.ToHexStringLower(value)}", ValueKind.Hex, value.Length) { Constant = value });
        }
    }
}
