using System.CommandLine;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf nat list</c>.</summary>
internal static class NatCommand
{
    public static Command Create(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists the sources that stand for others: of pods that speak to the world, of clients of services, of the node itself.",
            new Example("weft bpf nat list", "each translation in both directions"),
            new Example("weft bpf nat list -o json", "for programs, each once"));
        command.Aliases.Add("ls");
        factory.SetAction(command, Run);
        return command;
    }

    private static void Run(Invocation invocation)
    {
        using BpfMap<NatKey, NatValue> map = invocation.OpenMap<NatKey, NatValue>(DatapathMapNames.Nat);
        NatRow[] rows =
        [
            .. map.Entries()
                .Select(entry => NatRow.From(entry.Key, entry.Value))
                .OrderBy(row => row.Protocol, StringComparer.Ordinal)
                .ThenBy(row => row.Key.Addr, AddressComparer.Instance)
                .ThenBy(row => row.Key.Port.Value)
                .ThenBy(row => row.Key.Remote, AddressComparer.Instance)
                .ThenBy(row => row.Key.RemotePort.Value),
        ];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.NatRowArray);
            return;
        }

        foreach (string line in rows.SelectMany(row => row.ToText()))
        {
            invocation.Output.WriteLine(line);
        }
    }
}
