using System.Collections.Immutable;
using System.Globalization;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads ports, their names and ranges, and ICMP types.</summary>
internal sealed class PortReader(PolicyText text)
{
    private const int LongestPortName = 15;
    private const int MostPorts = 40;

    private static readonly (string Word, byte Protocol)[] s_kubernetes = [("TCP", Protocols.Tcp), ("UDP", Protocols.Udp), ("SCTP", Protocols.Sctp)];
    private static readonly (string Word, byte Protocol)[] s_cilium = [.. s_kubernetes, ("ANY", PortMatch.AnyProtocol)];

    /// <summary>`ports` of a NetworkPolicy's rule. Null: all; absent and empty mean the same there.</summary>
    public ImmutableArray<PortMatch>? ReadKubernetes(FieldReader rule)
    {
        IReadOnlyList<FieldReader> all = text.Sections(rule, "ports", FieldNames.NetworkPort) ?? [];
        return all.Count == 0 && rule.Value("ports") is not YamlList { Items.Count: > 0 } ? null
            : [.. all.Select(port => ReadPort(port, s_kubernetes, Protocols.Tcp, isRequired: false)).OfType<PortMatch>()];
    }

    /// <summary>`toPorts` and `icmps` of a Cilium rule. Null: all; absent and empty mean the same there too.</summary>
    public ImmutableArray<PortMatch>? ReadCilium(FieldReader rule)
    {
        IReadOnlyList<FieldReader> groups = text.Sections(rule, "toPorts", FieldNames.ToPorts) ?? [];
        IReadOnlyList<FieldReader> icmps = text.Sections(rule, "icmps", FieldNames.Icmps) ?? [];
        if (groups.Count > 0 && icmps.Count > 0)
        {
            text.Report(rule.LineOf("icmps"), $"'{rule.PathOf("icmps")}' cannot be together with toPorts: write two rules");
        }

        if (groups.Count + icmps.Count == 0)
        {
            return null;
        }

        List<PortMatch?> matches = [];
        foreach (FieldReader group in groups)
        {
            matches.AddRange(Entries(group, "ports", FieldNames.CiliumPort).Select(port => ReadPort(port, s_cilium, PortMatch.AnyProtocol, isRequired: true)));
        }

        foreach (FieldReader icmp in icmps)
        {
            matches.AddRange(Entries(icmp, "fields", FieldNames.IcmpField).Select(ReadIcmp));
        }

        return [.. matches.OfType<PortMatch>()];
    }

    /// <summary>A list that must hold something: what an empty one means is told nowhere, so it is not guessed here.</summary>
    private IReadOnlyList<FieldReader> Entries(FieldReader group, string name, FieldNames names)
    {
        IReadOnlyList<FieldReader> entries = text.Sections(group, name, names) ?? [];
        if (entries.Count == 0 && group.Value(name) is not YamlList { Items.Count: > 0 })
        {
            text.Report(group.Line, $"'{group.PathOf(name)}' is missing or empty (leave the whole section out to mean all)");
        }
        else if (entries.Count > MostPorts)
        {
            text.Report(group.LineOf(name), $"'{group.PathOf(name)}' has {entries.Count} entries (at most {MostPorts})");
        }

        return entries;
    }

    private PortMatch? ReadPort(FieldReader port, (string Word, byte Protocol)[] protocols, byte unwritten, bool isRequired)
    {
        byte? protocol = ReadProtocol(port, protocols, unwritten);
        string? written = port.Text("port", required: isRequired);
        bool hasEnd = port.Value("endPort") is { IsNull: false };
        if (written is null)
        {
            if (hasEnd)
            {
                text.Report(port.LineOf("endPort"), $"'{port.PathOf("endPort")}' is of no use without 'port'");
            }

            return protocol is null || isRequired ? null : All(port, protocol.Value);
        }

        if (!written.All(char.IsAsciiDigit))
        {
            return ReadName(port, written, hasEnd) is { } name && protocol is not null
                ? new PortMatch(port.What, text.LineOf(port), protocol.Value, 0, 0, name)
                : null;
        }

        // Cilium's port 0 means all ports; Kubernetes has no port 0.
        int least = isRequired ? 0 : 1;
        if (port.Number("port", least, ushort.MaxValue) is not { } first || protocol is null)
        {
            return null;
        }

        int? last = hasEnd ? port.Number("endPort", 0, ushort.MaxValue) : null;
        if (last is { } end && end < first && !(isRequired && end == 0))
        {
            text.Report(port.LineOf("endPort"), $"'{port.PathOf("endPort")}' is {end}, before 'port' ({first})");
            return null;
        }

        return first == 0 && last is null or 0 ? All(port, protocol.Value)
            : new PortMatch(port.What, text.LineOf(port), protocol.Value, (ushort)first, (ushort)(last is null or 0 ? first : last.Value));
    }

    private PortMatch All(FieldReader port, byte protocol) => new(port.What, text.LineOf(port), protocol, 0, ushort.MaxValue);

    private string? ReadName(FieldReader port, string written, bool hasEnd)
    {
        if (hasEnd)
        {
            text.Report(port.LineOf("endPort"), $"'{port.PathOf("endPort")}' is of no use with the named port '{FieldReader.Shown(written)}'");
            return null;
        }

        string name = written.ToLowerInvariant();
        if (name.Length <= LongestPortName && name.Any(char.IsAsciiLetter) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && !name.StartsWith('-') && !name.EndsWith('-') && !name.Contains("--", StringComparison.Ordinal))
        {
            return name;
        }

        text.Report(
            port.LineOf("port"),
            $"'{port.PathOf("port")}' is '{FieldReader.Shown(written)}' (a number up to {ushort.MaxValue}, or a name: "
                + $"at most {LongestPortName} letters, digits and inner '-')");
        return null;
    }

    private byte? ReadProtocol(FieldReader port, (string Word, byte Protocol)[] protocols, byte unwritten)
    {
        if (port.Text("protocol", required: false) is not { } written)
        {
            return unwritten;
        }

        foreach ((string word, byte protocol) in protocols)
        {
            if (word.Equals(written, StringComparison.OrdinalIgnoreCase))
            {
                return protocol;
            }
        }

        string hint = written.StartsWith("ICMP", StringComparison.OrdinalIgnoreCase)
            ? "; ICMP types are written in the section icmps of a CiliumNetworkPolicy"
            : "";
        text.Report(
            port.LineOf("protocol"),
            $"'{port.PathOf("protocol")}' is '{FieldReader.Shown(written)}' (one of {string.Join(", ", protocols.Select(p => p.Word))}{hint})");
        return null;
    }

    private PortMatch? ReadIcmp(FieldReader field)
    {
        bool isIPv6 = field.Choice("family", ("IPv4", false), ("IPv6", true)) ?? false;
        if (field.Text("type") is not { } written)
        {
            return null;
        }

        byte protocol = isIPv6 ? Protocols.Icmpv6 : Protocols.Icmp;
        if (byte.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out byte type) || IcmpTypes.TryFind(protocol, written, out type))
        {
            return new PortMatch(field.What, text.LineOf(field), protocol, type, type);
        }

        string hint = Spelling.Nearest(written, IcmpTypes.NamesOf(protocol)) is { } meant
            ? $"did you mean '{meant}'?"
            : "a number from 0 to 255, or a name as EchoRequest";
        text.Report(field.LineOf("type"), $"'{field.PathOf("type")}' is '{FieldReader.Shown(written)}' ({hint})");
        return null;
    }
}
