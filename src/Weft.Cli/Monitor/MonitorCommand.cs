using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;

namespace Weft.Cli.Monitor;

/// <summary><c>weft monitor</c>.</summary>
internal static class MonitorCommand
{
    public static Command Create(CommandFactory factory)
    {
        MonitorFlags flags = new();
        WeftCommand command = new(
            "monitor",
            "Shows what happens to packets in the datapath of one node or several, while it happens.",
            new Example("weft monitor", "one line for every trace point, drop and policy verdict"),
            new Example("weft monitor -vv", "with debug messages and every header of every packet"),
            new Example("weft monitor --type drop", "only drops, with their reasons"),
            new Example("weft monitor --type policy-verdict", "which rule allowed or denied a flow"),
            new Example("weft monitor -v --related-to 3663", "everything about one endpoint"),
            new Example("weft monitor --pod default/cni-6vf5d --protocol dns", "what a pod asks DNS for"),
            new Example("weft monitor --filter icmp6", "what a filter of tcpdump takes"),
            new Example("weft monitor --aggregate medium", "a busy node: the first packets of flows, counts of the rest"),
            new Example("weft monitor --join", "one line a packet: its way over all nodes of a lab in words"),
            new Example("weft monitor --node bpf1 --node bpf2 --hex -c 10", "ten events of two nodes with their bytes"),
            new Example("weft monitor --json | jq .summary", "for programs"));
        foreach (Option option in flags.All)
        {
            command.Add(option);
        }

        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using MonitorRun run = new(invocation, flags.Read(invocation));
            await run.RunAsync(cancellationToken);
        });
        return command;
    }
}
