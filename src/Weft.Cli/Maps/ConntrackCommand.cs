using System.CommandLine;
using System.Globalization;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Datapath.Maps;

namespace Weft.Cli.Maps;

/// <summary><c>weft bpf ct list</c>.</summary>
internal static class ConntrackCommand
{
    private const string Global = "global";

    public static Command Create(CommandFactory factory)
    {
        Argument<string> scope = new("scope")
        {
            HelpName = "global|ENDPOINT",
            Description = "All connections, or those of the endpoint with this number; default: global",
            DefaultValueFactory = _ => Global,
        };
        scope.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && text != Global && !TryParseEndpoint(text, out _))
            {
                result.AddError($"'{text}' is neither 'global' nor the number of an endpoint");
            }
        });
        scope.CompletionSources.Add(Global);
        Option<bool> timeDiff = new("--time-diff", "-d") { Description = "Also the seconds until an entry expires" };
        WeftCommand command = new(
            "list",
            "Lists the connections that the datapath tracks, each once, from the side that began.",
            new Example("weft bpf ct list global", "all connections of the node's endpoints"),
            new Example("weft bpf ct list 3663 -d", "of one endpoint, with the time they have left"),
            new Example("weft bpf ct list -o json", "for programs"));
        command.Aliases.Add("ls");
        command.Add(scope);
        command.Add(timeDiff);
        factory.SetAction(command, invocation => Run(
            invocation, invocation.Parse.GetRequiredValue(scope), invocation.Parse.GetValue(timeDiff)));
        return command;
    }

    private static void Run(Invocation invocation, string scope, bool timeDiff)
    {
        HashSet<WeftAddress>? only = TryParseEndpoint(scope, out ushort endpoint) ? AddressesOf(invocation, endpoint) : null;
        ConntrackRow[] rows =
        [
            .. Read(invocation, DatapathMapNames.ConntrackTcp).Concat(Read(invocation, DatapathMapNames.ConntrackAny))
                .Where(row => only is null || only.Contains(row.Key.Local))
                .OrderBy(row => row.Protocol, StringComparer.Ordinal)
                .ThenBy(row => row.Key.Local, AddressComparer.Instance)
                .ThenBy(row => row.Key.LocalPort.Value)
                .ThenBy(row => row.Key.Remote, AddressComparer.Instance)
                .ThenBy(row => row.Key.RemotePort.Value),
        ];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.ConntrackRowArray);
            return;
        }

        // TimeProvider's timestamps are CLOCK_MONOTONIC, like the datapath's times.
        long? now = timeDiff ? invocation.Clock.GetTimestamp() / invocation.Clock.TimestampFrequency : null;
        foreach (ConntrackRow row in rows)
        {
            invocation.Output.WriteLine(ConntrackText.Line(row, now));
        }
    }

    private static List<ConntrackRow> Read(Invocation invocation, string name)
    {
        using BpfMap<ConntrackKey, ConntrackValue> map = invocation.OpenMap<ConntrackKey, ConntrackValue>(name);
        return [.. map.Entries().Select(entry => ConntrackRow.From(entry.Key, entry.Value))];
    }

    private static HashSet<WeftAddress> AddressesOf(Invocation invocation, ushort endpoint)
    {
        using BpfMap<WeftAddress, EndpointValue> map = invocation.OpenMap<WeftAddress, EndpointValue>(DatapathMapNames.Endpoints);
        HashSet<WeftAddress> addresses = [.. map.Entries().Where(e => e.Value.Id == endpoint).Select(e => e.Key)];
        return addresses.Count > 0
            ? addresses
            : throw new InvalidOperationException(
                $"list connections of endpoint {endpoint}: the datapath has no such endpoint (see 'weft bpf endpoint list')");
    }

    private static bool TryParseEndpoint(string text, out ushort endpoint) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out endpoint);
}
