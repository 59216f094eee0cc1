using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Weft.Abi;
using Weft.Api;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Events;
using Weft.Linux.Filters;

namespace Weft.Cli.Monitor;

/// <summary>The options of <c>weft monitor</c> and what they mean together.</summary>
internal sealed class MonitorFlags
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Debug messages too; twice: a line for every header of every packet",
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<string[]> _types = new("--type", "-t")
    {
        HelpName = "TYPE",
        Description = $"Only events of this type, may be repeated: {string.Join(", ", MonitorOptions.Types)}",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<ushort[]> _from = Numbers("--from", "ENDPOINT", "Only events that come from this endpoint, may be repeated", ParseEndpoint);
    private readonly Option<ushort[]> _to = Numbers("--to", "ENDPOINT", "Only packets that go to this endpoint, may be repeated", ParseEndpoint);
    private readonly Option<ushort[]> _related = Numbers("--related-to", "ENDPOINT", "Only events of packets from or to this endpoint, may be repeated", ParseEndpoint);
    private readonly EndFlags[] _ends = [new(EndSide.Any), new(EndSide.From), new(EndSide.To)];
    private readonly Option<ushort[]> _ports = Numbers("--port", "PORT", "Only packets from or to this port, may be repeated", ParsePort);

    private readonly Option<string[]> _protocols = new("--protocol") { HelpName = "PROTOCOL", Description = "Only packets with a header of this protocol, may be repeated: tcp, udp, icmp, arp, dns, http, tls, …" };
    private readonly Option<DropReason[]> _reasons = new("--drop-reason") { HelpName = "REASON", Description = "Only drops for this reason, by number or words (invalid-source-ip), may be repeated", CustomParser = ParseReasons };
    private readonly Option<string[]> _interfaces = new("--interface") { HelpName = "DEVICE", Description = "Only events of this device of the node, may be repeated" };
    private readonly Option<string?> _expression = new("--filter") { HelpName = "EXPRESSION", Description = "Only packets that a filter of tcpdump takes, in a tunnel too: 'tcp port 80 and host 10.0.0.23'" };
    private readonly Option<bool> _not = new("--not") { Description = "Show what the filters leave out; --type stays" };
    private readonly Option<bool> _hex = new("--hex") { Description = "The bytes of packets; with -v with offsets and text, with -vv instead of their headers" };
    private readonly Option<string> _aggregate = new("--aggregate") { HelpName = "LEVEL", Description = "Fold events of a flow and print their counts: none, low (not where packets come in), medium (at each point the first and those with new TCP flags), max (of each connection)", DefaultValueFactory = _ => "none" };
    private readonly Option<bool> _join = new("--join") { Description = "One line a packet: its way in words, over all nodes that are watched" };
    private readonly Option<int?> _count = new("--count", "-c") { HelpName = "N", Description = "End after N events, or packets with --join" };
    private readonly Option<TimeSpan?> _duration = new("--duration") { HelpName = "TIME", Description = "End after this time: 500ms, 30s, 5m", CustomParser = ParseDuration };
    private readonly Option<bool> _json = new("--json", "-j") { Description = "One JSON object a line, as -o json" };
    private readonly Option<bool> _numeric = new("--numeric", "-n") { Description = "Reserved identities as numbers too" };
    private readonly Option<bool> _times = new("--time") { Description = "Begin every event with the time of day" };
    private readonly Option<string> _color = ColorOption.Create();

    public MonitorFlags()
    {
        _types.AcceptOneOf(MonitorOptions.Types);
        _protocols.AcceptOneOf([.. PacketProtocols.ByName.Keys]);
        _aggregate.AcceptOneOf([.. Enum.GetNames<AggregationLevel>().Select(name => name.ToLowerInvariant())]);
        _reasons.CompletionSources.Add(_ => DropReasons.All.Select(info => new System.CommandLine.Completions.CompletionItem(Words(info.Text))));
        _count.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count == 0)
            {
                result.AddError("--count cannot be '0': it is a number from 1 on");
            }
        });
    }

    public IEnumerable<Option> All =>
    [
        _verbose, _types, _from, _to, _related, .. _ends.SelectMany(end => end.All), _ports, _protocols, _reasons, _interfaces, _expression, _not,
        _hex, _aggregate, _join, _count, _duration, _json, _numeric, _times, _color,
    ];

    /// <exception cref="UsageException">Options contradict each other.</exception>
    public MonitorOptions Read(Invocation invocation)
    {
        ParseResult parse = invocation.Parse;
        int level = parse.GetResult(_verbose)?.IdentifierTokenCount ?? 0;
        bool asJson = invocation.AsJson || parse.GetValue(_json);
        string[] kinds = parse.GetValue(_types) ?? [];
        MonitorOptions options = new(MonitorOptions.VerbosityOf(level, kinds), ReadFilter(parse, kinds, asJson, level))
        {
            Json = asJson,
            Numeric = parse.GetValue(_numeric),
            Times = parse.GetValue(_times),
            Hex = parse.GetValue(_hex),
            Color = ColorOption.IsOn(parse.GetValue(_color), invocation.Host) && !asJson,
            Join = parse.GetValue(_join),
            Notices = kinds.Contains(MonitorRequest.Agent),
            Aggregation = Enum.Parse<AggregationLevel>(parse.GetValue(_aggregate)!, ignoreCase: true),
            Count = parse.GetValue(_count),
            Duration = parse.GetValue(_duration),
            Ends = [.. _ends.SelectMany(end => end.Read(parse))],
        };
        return options switch
        {
            { Join: true, Aggregation: not AggregationLevel.None } => throw new UsageException("--join and --aggregate: packets are joined, or events are folded (choose one)"),
            { Join: true, Hex: true } => throw new UsageException("--join and --hex: a joined packet has no bytes of one place (choose one)"),
            { Ends.Length: > EventFilter.MaxEnds } => throw new UsageException($"more than {EventFilter.MaxEnds} options about ends"),
            _ => options,
        };
    }

    private EventFilter ReadFilter(ParseResult parse, string[] kinds, bool asJson, int level)
    {
        DropReason[] reasons = parse.GetValue(_reasons) ?? [];
        string? expression = parse.GetValue(_expression);
        PacketMatcher? matcher = string.IsNullOrWhiteSpace(expression) ? null : Compile(expression);
        bool not = parse.GetValue(_not);
        EventMask all = parse.GetValue(_join) ? MonitorOptions.PacketKinds : MonitorOptions.DefaultKinds(asJson, level);
        return new EventFilter
        {
            // The datapath makes an event for somebody only: who wants some drops does not ask for anything else.
            Types = kinds.Length > 0 ? kinds.Aggregate(EventMask.None, (mask, kind) => mask | MonitorOptions.Kinds.GetValueOrDefault(kind))
                : reasons.Length > 0 && !not ? EventMask.Drop : all,
            From = [.. parse.GetValue(_from) ?? []],
            To = [.. parse.GetValue(_to) ?? []],
            RelatedTo = [.. parse.GetValue(_related) ?? []],
            Ports = [.. parse.GetValue(_ports) ?? []],
            Protocols = [.. (parse.GetValue(_protocols) ?? []).Select(name => PacketProtocols.ByName[name])],
            DropReasons = [.. reasons],
            Interfaces = [.. parse.GetValue(_interfaces) ?? []],
            Packet = matcher is null ? null : matcher.Matches,
            Not = not,
        };
    }

    private static PacketMatcher Compile(string expression)
    {
        try
        {
            return new PacketMatcher(expression);
        }
        catch (PcapFilterException wrong)
        {
            throw new UsageException($"--filter: {wrong.Message}");
        }
    }

    private static Option<ushort[]> Numbers(string name, string value, string description, Func<string, string, ArgumentResult, ushort> parse) => new(name)
    {
        HelpName = value,
        Description = description,
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(text => parse(name, text, result))],
    };

    private static ushort ParseEndpoint(string option, string text, ArgumentResult result) =>
        Number(text, result, $"{option} cannot be '{text}': it is the number of an endpoint (see 'weft endpoint list')");

    private static ushort ParsePort(string option, string text, ArgumentResult result) =>
        Number(text, result, $"{option} cannot be '{text}': it is a port from 1 to 65535");

    private static ushort Number(string text, ArgumentResult result, string error)
    {
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) || number == 0)
        {
            result.AddError(error);
        }

        return number;
    }

    private static DropReason[] ParseReasons(ArgumentResult result)
    {
        List<DropReason> reasons = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            DropReasonInfo? info = DropReasons.All.FirstOrDefault(known =>
                text == ((byte)known.Reason).ToString(CultureInfo.InvariantCulture) || Words(known.Text) == Words(text) || Words($"{known.Reason}") == Words(text));
            if (info is null)
            {
                result.AddError($"--drop-reason cannot be '{text}': it is a number or text of docs/reference/drop-reasons.md, as 132 or invalid-source-ip");
            }
            else
            {
                reasons.Add(info.Reason);
            }
        }

        return [.. reasons];
    }

    /// <summary>Letters and digits with a hyphen for whatever is between.</summary>
    private static string Words(string text) =>
        string.Join('-', new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (TryParseTime(text, out TimeSpan time) && time > TimeSpan.Zero && time <= s_longest)
        {
            return time;
        }

        result.AddError($"--duration cannot be '{text}': it is a time up to 24h, as 500ms, 30s or 5m");
        return null;
    }

    private static bool TryParseTime(string text, out TimeSpan time)
    {
        (string unit, double milliseconds)[] units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
        (string unit, double factor) = units.FirstOrDefault(candidate => text.EndsWith(candidate.unit, StringComparison.Ordinal));
        bool parsed = double.TryParse(unit is null ? "" : text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * factor <= s_longest.TotalMilliseconds;
        time = parsed ? TimeSpan.FromMilliseconds(number * factor) : default;
        return parsed;
    }
}
