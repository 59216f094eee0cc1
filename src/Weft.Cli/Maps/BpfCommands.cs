using System.CommandLine;
using Weft.Cli.Hosting;
using Weft.Cli.Maps.Policy;
using Weft.Cli.Maps.Services;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf …</c>: the datapath's maps as the kernel has them, whether or not an agent runs.</summary>
internal static class BpfCommands
{
    public static Command Create(CommandFactory factory) => CommandFactory.Group(
        "bpf",
        "The datapath's maps, read from the kernel: what packets really meet, whether or not the agent runs.",
        CommandFactory.Group("endpoint", "Local endpoints by address.", EndpointMapCommand.Create(factory)),
        CommandFactory.Group("ipcache", "Who has an address, and behind which node.", IpcacheCommand.Create(factory)),
        CommandFactory.Group("ct", "Tracked connections.", ConntrackCommand.Create(factory)),
        CommandFactory.Group("nat", "Sources that stand for others.", NatCommand.Create(factory)),
        CommandFactory.Group("lb", "Services and their backends.", ServiceMapCommand.Create(factory)),
        CommandFactory.Group("policy", "Who may speak to endpoints, and they to whom.", PolicyMapCommand.Create(factory)),
        CommandFactory.Group("metrics", "Packets and bytes by reason and direction.", MetricsCommand.Create(factory)),
        CommandFactory.Group("node", "Nodes that may send through the overlay.", NodeMapCommand.Create(factory)));
}
