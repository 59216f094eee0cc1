using System.CommandLine;
using System.Globalization;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf node list</c>.</summary>
internal static class NodeMapCommand
{
    public static Command Create(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists the underlay addresses whose overlay packets are accepted; packets from others are dropped as 'Unknown sender'.",
            new Example("weft bpf node list", "the nodes that this node trusts"));
        command.Aliases.Add("ls");
        factory.SetAction(command, Run);
        return command;
    }

    private static void Run(Invocation invocation)
    {
        using BpfMap<WeftAddress, NodeValue> map = invocation.OpenMap<WeftAddress, NodeValue>(DatapathMapNames.Nodes);
        NodeMapRow[] rows =
        [
            .. map.Entries().OrderBy(e => e.Key, AddressComparer.Instance).Select(e => NodeMapRow.From(e.Key, e.Value)),
        ];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.NodeMapRowArray);
            return;
        }

        TextTable table = new();
        table.Add("IP ADDRESS", "IDENTITY", "NODE ID");
        foreach (NodeMapRow row in rows)
        {
            table.Add(row.Address, row.Identity.ToString(CultureInfo.InvariantCulture), row.Id.ToString(CultureInfo.InvariantCulture));
        }

        table.Write(invocation.Output);
    }
}
