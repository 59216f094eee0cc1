using System.CommandLine;
using System.Globalization;
using Weft.Api.Tracing;
using Weft.Cli.Help;
using Weft.Cli.Hosting;

namespace Weft.Cli.Trace.Netfilter;

/// <summary><c>weft trace netfilter</c>.</summary>
internal static class NetfilterTraceCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<string?> protocol = new("--proto") { HelpName = "PROTOCOL", Description = "tcp, udp, sctp, icmp, icmpv6, or a number" };
        protocol.CompletionSources.Add("tcp", "udp", "sctp", "icmp", "icmpv6");
        Option<string?> source = new("--src") { HelpName = "ADDRESS", Description = "Address or network that the flow comes from; its answers are traced too" };
        Option<string?> destination = new("--dst") { HelpName = "ADDRESS", Description = "Address or network that the flow goes to" };
        Option<ushort?> sourcePort = new("--sport") { HelpName = "PORT", Description = "Source port; --proto has to say of which protocol" };
        Option<ushort?> destinationPort = new("--dport") { HelpName = "PORT", Description = "Destination port; --proto has to say of which protocol" };
        Option<bool> all = new("--all") { Description = "Every packet of the node, where no flow is given" };
        Option<int?> count = new("--count", "-c") { HelpName = "N", Description = "End after this many packets on each node; default: go on until Ctrl-C" };
        Option<double?> timeout = new("--timeout") { HelpName = "SECONDS", Description = "End after this time; default: go on until Ctrl-C" };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Also chains that packets pass with no more than their policy's accept" };
        count.Validators.Add(result => RequirePositive(result, result.GetValue(count)));
        timeout.Validators.Add(result => RequirePositive(result, result.GetValue(timeout)));
        WeftCommand command = new(
            "netfilter",
            "Shows which tables, chains and rules of nftables and iptables-nft a flow's packets meet on a node, and which packets meet none.",
            new Example("weft trace netfilter --proto tcp --dst 10.0.0.23 --dport 80", "a flow and its answers, until Ctrl-C"),
            new Example("weft trace netfilter --src 10.0.1.180 --dst 10.0.0.23 -c 4", "four packets between two pods, also inside VXLAN"),
            new Example("weft trace netfilter --node bpf1 --node bpf2 --proto udp --dport 8472", "packets of the overlay, on both nodes"),
            new Example("weft trace netfilter --proto icmp --timeout 5 -o json", "for programs: an object a line"))
        {
            protocol, source, destination, sourcePort, destinationPort, all, count, timeout, verbose,
        };
        factory.SetAction(command, (invocation, cancellationToken) =>
        {
            ParseResult parse = invocation.Parse;
            NetfilterTraceRequest request = new()
            {
                Protocol = parse.GetValue(protocol),
                Source = parse.GetValue(source),
                Destination = parse.GetValue(destination),
                SourcePort = parse.GetValue(sourcePort),
                DestinationPort = parse.GetValue(destinationPort),
            };
            if (request == new NetfilterTraceRequest() && !parse.GetValue(all))
            {
                throw new UsageException("trace netfilter: which packets? give a flow by --proto, --src, --dst, --sport, --dport, or --all");
            }

            NetfilterTraceLimits limits = new(
                parse.GetValue(count), parse.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            return new NetfilterTraceRun(invocation, request, limits, parse.GetValue(verbose)).RunAsync(cancellationToken);
        });
        return command;
    }

    private static void RequirePositive(System.CommandLine.Parsing.OptionResult result, double? value)
    {
        if (value is <= 0)
        {
            result.AddError($"{result.Option.Name} cannot be '{value.Value.ToString(CultureInfo.InvariantCulture)}': it is more than 0");
        }
    }
}
