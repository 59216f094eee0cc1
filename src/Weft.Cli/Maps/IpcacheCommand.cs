using System.CommandLine;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf ipcache list</c>.</summary>
internal static class IpcacheCommand
{
    public static Command Create(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists which identity an address has and to which node its packets are encapsulated.",
            new Example("weft bpf ipcache list", "the node's view of all pods"),
            new Example("weft bpf ipcache list -o json", "for programs"));
        command.Aliases.Add("ls");
        factory.SetAction(command, Run);
        return command;
    }

    private static void Run(Invocation invocation)
    {
        using BpfMap<IpcacheKey, IpcacheValue> map = invocation.OpenMap<IpcacheKey, IpcacheValue>(DatapathMapNames.Ipcache);
        IpcacheRow[] rows =
        [
            .. map.Entries()
                .OrderBy(e => e.Key.Addr, AddressComparer.Instance)
                .ThenBy(e => e.Key.PrefixLen)
                .Select(e => IpcacheRow.From(e.Key, e.Value)),
        ];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.IpcacheRowArray);
            return;
        }

        TextTable table = new();
        table.Add("IP PREFIX/ADDRESS", "IDENTITY");
        foreach (IpcacheRow row in rows)
        {
            table.Add(row.Prefix, row.ToText());
        }

        table.Write(invocation.Output);
    }
}
