using System.CommandLine;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf endpoint list</c>.</summary>
internal static class EndpointMapCommand
{
    public static Command Create(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists the addresses that packets are delivered to on this node, and the devices behind them.",
            new Example("weft bpf endpoint list", "the node's endpoints"),
            new Example("weft bpf endpoint list -o json", "for programs"));
        command.Aliases.Add("ls");
        factory.SetAction(command, Run);
        return command;
    }

    private static void Run(Invocation invocation)
    {
        using BpfMap<WeftAddress, EndpointValue> map = invocation.OpenMap<WeftAddress, EndpointValue>(DatapathMapNames.Endpoints);
        EndpointMapRow[] rows =
        [
            .. map.Entries().OrderBy(e => e.Key, AddressComparer.Instance).Select(e => EndpointMapRow.From(e.Key, e.Value)),
        ];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.EndpointMapRowArray);
            return;
        }

        TextTable table = new();
        table.Add("IP ADDRESS", "LOCAL ENDPOINT INFO");
        foreach (EndpointMapRow row in rows)
        {
            // ':0' is the cluster id, which only a mesh of clusters would make another.
            table.Add($"{row.Address}:0", row.ToText());
        }

        table.Write(invocation.Output);
    }
}
