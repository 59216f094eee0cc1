using System.Collections.Immutable;
using System.Numerics;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Writes a rule's ports as blocks that a longest-prefix match can find.</summary>
internal static class PortBlocks
{
    private const int PortBits = 16;

    /// <param name="ports">What the names of ports stand for. A name that nobody there has stands for nothing.</param>
    public static void Write(AppliedRule rule, ImmutableArray<NamedPort> ports, List<PolicyEntry> entries)
    {
        if (rule.Rule.Ports is not { } matches)
        {
            entries.Add(new PolicyEntry(PortMatch.AnyProtocol, 0, 0, rule.Rule.IsDeny, rule));
            return;
        }

        foreach (PortMatch match in matches)
        {
            if (match.Name is null)
            {
                WriteRange(rule, match.Protocol, match.First, match.Last, entries);
                continue;
            }

            foreach (NamedPort port in ports)
            {
                if (port.Name == match.Name && (match.Protocol == PortMatch.AnyProtocol || match.Protocol == port.Protocol))
                {
                    WriteRange(rule, port.Protocol, port.Port, port.Port, entries);
                }
            }
        }
    }

    private static void WriteRange(AppliedRule rule, byte protocol, int first, int last, List<PolicyEntry> entries)
    {
        foreach (byte one in protocol == PortMatch.AnyProtocol ? Protocols.WithPorts : [protocol])
        {
            for (int start = first; start <= last;)
            {
                // The largest block that begins here and does not reach beyond the end.
                int size = Math.Min(start == 0 ? 1 << PortBits : start & -start, 1 << BitOperations.Log2((uint)(last - start + 1)));
                entries.Add(new PolicyEntry(one, (ushort)start, (byte)(PortBits - BitOperations.Log2((uint)size)), rule.Rule.IsDeny, rule));
                start += size;
            }
        }
    }
}
