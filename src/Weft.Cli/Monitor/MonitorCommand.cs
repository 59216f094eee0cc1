using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Weft.Abi;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary><c>weft monitor</c>.</summary>
internal static class MonitorCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<bool> verbose = new("--verbose", "-v")
        {
            Description = "Debug messages too; twice: a line for every header of every packet",
            Arity = ArgumentArity.Zero,
        };
        Option<string[]> types = new("--type", "-t")
        {
            HelpName = "TYPE",
            Description = $"Only events of this type, may be repeated: {string.Join(", ", MonitorOptions.Kinds.Keys)}",
            AllowMultipleArgumentsPerToken = false,
        };
        types.AcceptOneOf([.. MonitorOptions.Kinds.Keys]);
        Option<ushort[]> from = EndpointOption("--from", "Only events that come from this endpoint, may be repeated");
        Option<ushort[]> to = EndpointOption("--to", "Only packets that go to this endpoint, may be repeated");
        Option<ushort[]> related = EndpointOption("--related-to", "Only events of packets from or to this endpoint, may be repeated");
        Option<bool> json = new("--json", "-j") { Description = "One JSON object a line, as -o json" };
        Option<bool> numeric = new("--numeric", "-n") { Description = "Reserved identities as numbers too" };
        Option<bool> times = new("--time") { Description = "Begin every event with the time of day" };

        WeftCommand command = new(
            "monitor",
            "Shows what happens to packets in the node's datapath, while it happens.",
            new Example("weft monitor", "one line for every trace point and drop"),
            new Example("weft monitor -vv", "with debug messages and every header of every packet"),
            new Example("weft monitor --type drop", "only drops, with their reasons"),
            new Example("weft monitor -v --related-to 3663", "everything about one endpoint"),
            new Example("weft monitor --json | jq .summary", "for programs"))
        {
            verbose, types, from, to, related, json, numeric, times,
        };
        factory.SetAction(command, (invocation, cancellationToken) =>
        {
            ParseResult parse = invocation.Parse;
            int level = parse.GetResult(verbose)?.IdentifierTokenCount ?? 0;
            bool asJson = invocation.AsJson || parse.GetValue(json);
            string[] kinds = parse.GetValue(types) ?? [];
            EventFilter filter = new()
            {
                Types = kinds.Length == 0
                    ? MonitorOptions.DefaultKinds(asJson, level)
                    : kinds.Aggregate(EventMask.None, (mask, kind) => mask | MonitorOptions.Kinds[kind]),
                From = [.. parse.GetValue(from) ?? []],
                To = [.. parse.GetValue(to) ?? []],
                RelatedTo = [.. parse.GetValue(related) ?? []],
            };
            return new MonitorRun(
                invocation,
                new MonitorOptions(
                    MonitorOptions.VerbosityOf(level, kinds), filter, asJson, parse.GetValue(numeric), parse.GetValue(times)))
                .RunAsync(cancellationToken);
        });
        return command;
    }

    private static Option<ushort[]> EndpointOption(string name, string description) => new(name)
    {
        HelpName = "ENDPOINT",
        Description = description,
        CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',')).Select(text => ParseEndpoint(name, text, result))],
    };

    private static ushort ParseEndpoint(string option, string text, ArgumentResult result)
    {
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort id) || id == 0)
        {
            result.AddError($"{option} cannot be '{text}': it is the number of an endpoint (see 'weft endpoint list')");
        }

        return id;
    }
}
