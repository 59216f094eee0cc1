using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;

namespace Weft.Cli.Trace;

/// <summary><c>weft trace kernel</c>. Options are named as users of pwru know them.</summary>
internal static class KernelCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<string[]> filter = new("filter")
        {
            HelpName = "FILTER",
            Description = "Which packets, as tcpdump takes it: 'host 10.0.0.23 and icmp'; a packet in a tunnel is met by either header",
            Arity = ArgumentArity.ZeroOrMore,
        };
        KernelFlags flags = new();
        WeftCommand command = new(
            "kernel",
            "Shows every place in the kernel that packets pass, while they pass: functions, devices, drops with their reason, sockets. Where the kernel "
            + "lets programs run at its functions (kprobe.multi, kernel 6.2) all that take a packet are shown; elsewhere those that its tracepoints are met in.",
            new Example("weft trace kernel 'host 10.0.0.23 and icmp'", "all pings to a pod, on all nodes"),
            new Example("weft trace kernel --filter-func 'ip_.*|nf_.*' tcp port 80", "only these functions"),
            new Example("weft trace kernel --filter-netns default/web --filter-ifname eth0", "what passes a pod's device"),
            new Example("weft trace kernel --filter-track-skb src host 10.0.1.180", "also what becomes of the packets after their headers changed"),
            new Example("weft trace kernel --filter-mark 0x400/0xf00 --output-skb", "what the datapath sends into the overlay, with fields of sk_buff"),
            new Example("weft trace kernel --output-stack --output-limit-lines 20 icmp", "with the kernel's stacks; ends by itself"),
            new Example("weft trace kernel -o json --output-file hops.json udp", "an object a line, into a file"))
        {
            filter,
        };
        flags.AddTo(command);
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            KernelOptions options = flags.Read(invocation.Parse, string.Join(' ', invocation.Parse.GetValue(filter) ?? []));
            using TraceWorld world = await TraceWorld.OpenAsync(invocation, cancellationToken, "trace kernel");
            await new KernelRun(invocation, world, options).RunAsync(cancellationToken);
        });
        return command;
    }
}
