using System.Globalization;
using System.Net.Sockets;
using Weft.Cli.Output;
using Weft.Lab.Probes;

namespace Weft.Cli.Lab;

/// <summary>Who reaches whom: a table for each address family that was probed.</summary>
internal static class PingTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> sources, IReadOnlyList<string> destinations, IReadOnlyList<Reach> reaches)
    {
        IGrouping<AddressFamily, Reach>[] families = [.. reaches.GroupBy(reach => reach.Pair.Address.AddressFamily)];
        foreach ((int index, IGrouping<AddressFamily, Reach> family) in families.Index())
        {
            if (families.Length > 1)
            {
                output.Write(index == 0 ? "" : "\n");
                output.WriteLine(family.Key == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4");
            }

            Write(output, sources, destinations, family.ToDictionary(reach => (reach.Pair.Source, reach.Pair.Destination), reach => reach.Result));
        }
    }

    private static void Write(
        TextWriter output, IReadOnlyList<string> sources, IReadOnlyList<string> destinations, Dictionary<(string, string), EchoResult> results)
    {
        TextTable table = new();
        table.Add(["FROM \\ TO", .. destinations]);
        foreach (string source in sources)
        {
            table.Add([source, .. destinations.Select(destination => Cell(results.GetValueOrDefault((source, destination))))]);
        }

        table.Write(output);
    }

    /// <param name="result">Null: not probed, as both are one, or one has no address.</param>
    private static string Cell(EchoResult? result) => result switch
    {
        null => "-",
        { IsReply: true } => string.Create(CultureInfo.InvariantCulture, $"{result.RoundTrip.TotalMilliseconds:0.00} ms ttl={result.TimeToLive}"),
        _ => "no answer",
    };
}
