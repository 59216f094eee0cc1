using System.CommandLine;
using System.Globalization;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf metrics list</c>.</summary>
internal static class MetricsCommand
{
    public static Command Create(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists how many packets and bytes were forwarded, and dropped for which reason, since the datapath was loaded.",
            new Example("weft bpf metrics list", "all counters that are not zero"),
            new Example("weft bpf metrics list -o json", "for programs"));
        command.Aliases.Add("ls");
        factory.SetAction(command, Run);
        return command;
    }

    private static void Run(Invocation invocation)
    {
        using PerCpuMap<uint, MetricValue> map = invocation.OpenPerCpuMap<uint, MetricValue>(DatapathMapNames.Metrics);
        MetricsRow[] rows =
        [
            .. map.Entries()
                .Select(entry => MetricsRow.From(entry.Key, Sum(entry.Value)))
                .Where(row => row.Packets != 0)
                .OrderBy(row => row.Reason, StringComparer.Ordinal)
                .ThenBy(row => row.Direction, StringComparer.Ordinal),
        ];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.MetricsRowArray);
            return;
        }

        TextTable table = new();
        table.Add("REASON", "DIRECTION", "PACKETS", "BYTES");
        foreach (MetricsRow row in rows)
        {
            table.Add(
                row.Reason,
                row.Direction,
                row.Packets.ToString(CultureInfo.InvariantCulture),
                row.Bytes.ToString(CultureInfo.InvariantCulture));
        }

        table.Write(invocation.Output);
    }

    private static MetricValue Sum(ReadOnlySpan<MetricValue> perCpu)
    {
        MetricValue sum = default;
        foreach (ref readonly MetricValue value in perCpu)
        {
            sum.Packets += value.Packets;
            sum.Bytes += value.Bytes;
        }

        return sum;
    }
}
