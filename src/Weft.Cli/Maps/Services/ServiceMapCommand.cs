using System.CommandLine;
using System.Globalization;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Maps.Services;

/// <summary><c>weft bpf lb list</c>.</summary>
internal static class ServiceMapCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<bool> backends = new("--backends") { Description = "The backends by id, whichever services have them" };
        Option<bool> revNat = new("--revnat") { Description = "The frontends by id, which is what 'bpf ct list' shows as RevNAT" };
        Option<bool> ranges = new("--source-ranges") { Description = "Who may use a service from outside" };
        Option<uint?> maglev = new("--maglev") { Description = "How the table of a service is shared among its backends", HelpName = "ID" };
        WeftCommand command = new(
            "list",
            "Lists the services that the datapath balances: each frontend with the backends that it picks from.",
            new Example("weft bpf lb list", "all services; /i: what pods and the node's processes get"),
            new Example("weft bpf lb list --backends", "all backends"),
            new Example("weft bpf lb list --maglev 12", "shares of the backends of service 12"),
            new Example("weft bpf lb list -o json", "for programs"));
        command.Aliases.Add("ls");
        Option[] views = [backends, revNat, ranges, maglev];
        foreach (Option view in views)
        {
            command.Add(view);
        }

        command.Validators.Add(result =>
        {
            if (views.Count(view => result.GetResult(view) is { Implicit: false }) > 1)
            {
                result.AddError("give only one of --backends, --revnat, --source-ranges, --maglev");
            }
        });
        factory.SetAction(command, invocation =>
        {
            ParseResult parse = invocation.Parse;
            Action<Invocation> list = parse.GetValue(backends) ? ListBackends
                : parse.GetValue(revNat) ? ListFrontends
                : parse.GetValue(ranges) ? ListSourceRanges
                : parse.GetValue(maglev) is { } id ? chosen => ListMaglev(chosen, id)
                : ListServices;
            list(invocation);
        });
        return command;
    }

    private static void ListServices(Invocation invocation)
    {
        ServiceMapRow[] rows = ServiceMapReader.Services(invocation);
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.ServiceMapRowArray);
            return;
        }

        TextTable table = new();
        table.Add("SERVICE ADDRESS", "BACKEND ADDRESS (REVNAT_ID) (SLOT)");
        foreach (ServiceMapRow row in rows)
        {
            string flags = row.Flags.Count > 0 ? $" [{string.Join(", ", row.Flags)}]" : "";
            foreach ((string frontend, IReadOnlyList<ServiceMapBackend> backends) in row.Lists())
            {
                string none = row.Key.Addr.IsIPv4 ? "0.0.0.0:0" : "[::]:0";
                table.Add(frontend, string.Create(CultureInfo.InvariantCulture, $"{none} ({row.Id}) (0){flags}"));
                for (int slot = 0; slot < backends.Count; slot++)
                {
                    string address = backends[slot].Address ?? $"(no backend {backends[slot].Id})";
                    table.Add("", string.Create(CultureInfo.InvariantCulture, $"{address} ({row.Id}) ({slot + 1})"));
                }
            }
        }

        table.Write(invocation.Output);
    }

    private static void ListFrontends(Invocation invocation)
    {
        ServiceMapRow[] rows = [.. ServiceMapReader.Services(invocation).OrderBy(row => row.Id)];
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.ServiceMapRowArray);
            return;
        }

        Write(invocation, ["ID", "SERVICE ADDRESS"], rows.Select(row => new[] { Text(row.Id), $"{row.Frontend}/{row.Protocol}" }));
    }

    private static void ListBackends(Invocation invocation)
    {
        BackendMapRow[] rows = ServiceMapReader.Backends(invocation);
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.BackendMapRowArray);
            return;
        }

        Write(invocation, ["ID", "BACKEND ADDRESS"], rows.Select(row => new[] { Text(row.Id), $"{row.Protocol}://{row.Address}" }));
    }

    private static void ListSourceRanges(Invocation invocation)
    {
        SourceRangeRow[] rows = ServiceMapReader.SourceRanges(invocation);
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.SourceRangeRowArray);
            return;
        }

        Write(
            invocation, ["ID", "SERVICE ADDRESS", "SOURCE RANGE"],
            rows.Select(row => new[] { Text(row.ServiceId), row.Frontend ?? "(no service)", row.Range }));
    }

    private static void ListMaglev(Invocation invocation, uint service)
    {
        MaglevRow[] rows = ServiceMapReader.Maglev(invocation, service)
            ?? throw new InvalidOperationException(
                $"list the Maglev table of service {service}: the datapath has none (see 'weft bpf lb list' for services with [maglev])");
        if (invocation.AsJson)
        {
            invocation.WriteJson(rows, JsonOutput.Cli.MaglevRowArray);
            return;
        }

        double places = rows.Sum(row => row.Places);
        Write(invocation, ["BACKEND ID", "BACKEND ADDRESS", "PLACES", "SHARE"], rows.Select(row => new[]
        {
            Text(row.BackendId),
            row.Address ?? "(no backend)",
            row.Places.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{row.Places / places:P2}"),
        }));
    }

    private static void Write(Invocation invocation, string[] header, IEnumerable<string[]> rows)
    {
        TextTable table = new();
        table.Add(header);
        foreach (string[] row in rows)
        {
            table.Add(row);
        }

        table.Write(invocation.Output);
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
