using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Weft.Control.Node;
using Weft.Model.Labels;

namespace Weft.Agent.Options;

/// <summary>The options that say how pods and the world meet. Nobody must give one.</summary>
internal sealed class TrafficArguments
{
    public Option<MasqueradeFamilies?> Masquerade { get; } = new("--masquerade")
    {
        Description = "Families whose packets from pods to the world leave with the node's address: true (all that it has), false, ipv4 "
            + "or ipv6",
        HelpName = "FAMILIES",
        DefaultValueFactory = _ => MasqueradeFamilies.All[0],
        CustomParser = ParseMasquerade,
    };

    public Option<IReadOnlyList<IPNetwork>?> NativeCidrs { get; } = new("--native-cidr")
    {
        Description = "Prefixes of the world that pods reach with their own addresses, as somebody there routes those back",
        HelpName = "PREFIX,…",
        CustomParser = DualStackParser.ParsePrefixes,
    };

    public Option<PortRange> NodePorts { get; } = new("--node-port-range")
    {
        Description = "Ports on the nodes' addresses that services may have",
        HelpName = "FIRST-LAST",
        DefaultValueFactory = _ => PortRange.NodePorts,
        CustomParser = ParsePorts,
    };

    public Option<string> ServiceEncapsulation { get; } = Encapsulation();

    private static Option<string> Encapsulation()
    {
        Option<string> option = new("--service-encapsulation")
        {
            Description = "What adds the overlay's headers to packets that the node forwards to a service's backend elsewhere: bpf, past the "
                + "node's stack with its firewall and IPsec, or device",
            DefaultValueFactory = _ => AgentOptions.EncapsulateInBpf,
        };
        option.AcceptOnlyFromAmong(AgentOptions.EncapsulateInBpf, AgentOptions.EncapsulateByDevice);
        return option;
    }

    private static MasqueradeFamilies? ParseMasquerade(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        MasqueradeFamilies? found = MasqueradeFamilies.All.FirstOrDefault(families => families.Name == text);
        if (found is null)
        {
            result.AddError($"--masquerade '{Printable.Excerpt(text)}': none of {string.Join(", ", MasqueradeFamilies.All)}");
        }

        return found;
    }

    private static PortRange ParsePorts(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!PortRange.TryParse(text, out PortRange range))
        {
            result.AddError(
                $"--node-port-range '{Printable.Excerpt(text)}': give the first and the last port, 1 to 65535, as in {PortRange.NodePorts}");
        }

        return range;
    }
}
