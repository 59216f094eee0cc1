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
        Option<string?> device = new("--filter-ifname") { HelpName = "NAME", Description = "Only at this device of the node" };
        Option<string?> mark = new("--filter-mark") { HelpName = "MARK[/MASK]", Description = "Only packets with this mark" };
        mark.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !KernelOptions.TryParseMark(result.Tokens[^1].Value, out _))
            {
                result.AddError($"--filter-mark cannot be '{result.Tokens[^1].Value}': it is a number, as 0x400 or 0x400/0xf00");
            }
        });
        Option<bool> everywhere = new("--all-netns") { Description = "In every network namespace of the machine, not only the node's and its pods'" };
        Option<bool> stack = new("--output-stack") { Description = "The kernel's stack below each line" };
        Option<int> limit = new("--output-limit-lines") { HelpName = "N", Description = "End after so many lines" };
        WeftCommand command = new(
            "kernel",
            "Shows every place in the kernel that packets pass, while they pass: devices, drops with their reason, sockets, and the function there.",
            new Example("weft trace kernel 'host 10.0.0.23 and icmp'", "all pings to a pod, on all nodes"),
            new Example("weft trace kernel --output-stack tcp port 80", "with the kernel's stacks"),
            new Example("weft trace kernel --filter-mark 0x400/0xf00", "what the datapath sends into the overlay"))
        {
            filter, device, mark, everywhere, stack, limit,
        };
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            ParseResult parse = invocation.Parse;
            string expression = string.Join(' ', parse.GetValue(filter) ?? []);
            (uint, uint)? marked = parse.GetValue(mark) is { } text && KernelOptions.TryParseMark(text, out (uint, uint) value) ? value : null;
            if (expression.Length == 0 && marked is null)
            {
                throw new UsageException("trace kernel: which packets? (give a filter, as 'host 10.0.0.23 and icmp', or --filter-mark)");
            }

            KernelOptions options = new(
                expression, marked, parse.GetValue(device), parse.GetValue(everywhere), parse.GetValue(stack), parse.GetValue(limit));
            using TraceWorld world = await TraceWorld.OpenAsync(invocation, cancellationToken, "trace kernel");
            await new KernelRun(invocation, world, options).RunAsync(cancellationToken);
        });
        return command;
    }
}
