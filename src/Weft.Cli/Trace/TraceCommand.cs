using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Weft.Api.Tracing;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Lab;
using Weft.Cli.Output;
using Weft.Cli.Trace.Netfilter;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary><c>weft trace</c>.</summary>
internal static class TraceCommand
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Html = "html";
    private const string Pcapng = "pcapng";

    public static Command Create(CommandFactory factory)
    {
        Argument<string?> source = new("source")
        {
            HelpName = "SRC",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Who sends: a pod (POD or NAMESPACE/POD), a node, an outside host of a lab, or the address of one of them",
        };
        Argument<string?> destination = new("destination")
        {
            HelpName = "DST[:PORT]",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Who is to get it: as SRC, or a service, or any address",
        };
        source.CompletionSources.Add(Ends);
        destination.CompletionSources.Add(Ends);
        Option<string?> protocol = new("--protocol", "-p") { HelpName = "PROTOCOL", Description = "icmp, tcp or udp; without it tcp where there is a port, else icmp" };
        protocol.AcceptOnlyFromAmong(ProbeRequest.Icmp, ProbeRequest.Tcp, ProbeRequest.Udp);
        Option<bool> ipv6 = new("--ipv6", "-6") { Description = "Names stand for their IPv6 addresses" };
        Option<int> size = new("--size") { HelpName = "BYTES", Description = "Bytes behind the header of ICMP or UDP", DefaultValueFactory = _ => 56 };
        Option<int> ttl = new("--ttl") { HelpName = "HOPS", Description = "TTL, or hop limit, to send with" };
        Option<bool> whole = new("--dont-fragment") { Description = "Send a packet that must not be fragmented" };
        Option<TimeSpan> timeout = new("--timeout", "-w")
        {
            HelpName = "TIME",
            Description = "How long to wait for an answer: 500ms, 2s",
            DefaultValueFactory = _ => TimeSpan.FromMilliseconds(900),
            CustomParser = ParseTime,
        };
        Option<string?> live = new("--live")
        {
            HelpName = "FILTER",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Send nothing: follow packets of running traffic that this filter accepts, as tcpdump takes it; or those between SRC and DST",
        };
        Option<int> count = new("--count", "-c") { HelpName = "N", Description = "With --live: end after so many packets; 0: at Ctrl-C", DefaultValueFactory = _ => 1 };
        Option<string> format = new("--output", "-o")
        {
            Description = "How to print: text, json (with --live an object a line), html (one page with a picture) or pcapng (an interface a hop, for Wireshark)",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => Text,
        };
        format.AcceptOneOf(Text, Json, Html, Pcapng);
        WeftCommand command = new(
            "trace",
            "Sends one packet and shows the way that it and its answer take, over all nodes, hop by hop; says in words what became of it.",
            new Example("weft trace cni-6vf5d cni-j22kt", "a ping from pod to pod"),
            new Example("weft trace default/web default/db:5432", "a TCP connection"),
            new Example("weft trace cni-6vf5d 10.96.0.10:53 -p udp", "a datagram to a service"),
            new Example("weft trace client bpf1:30080", "from an outside host of the lab to a node port"),
            new Example("weft trace --live 'udp port 53' -c 0", "every DNS query that runs, with its answer"),
            new Example("weft trace default/web default/db:5432 --live", "the next packet between two pods"),
            new Example("weft trace cni-6vf5d cni-j22kt -o json | jq .explanation", "for programs"),
            new Example("weft trace cni-6vf5d cni-j22kt -o html > way.html", "a page with the picture of the way"),
            new Example("weft trace cni-6vf5d cni-j22kt -o pcapng | wireshark -k -i -", "every hop in Wireshark"))
        {
            source, destination, protocol, ipv6, size, ttl, whole, timeout, live, count, format,
        };
        command.Add(KernelCommand.Create(factory));
        command.Add(NetfilterTraceCommand.Create(factory));
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            ParseResult parse = invocation.Parse;
            TraceOptions options = new(
                parse.GetValue(protocol), parse.GetValue(ipv6), parse.GetValue(size), parse.GetValue(ttl), parse.GetValue(whole), parse.GetValue(timeout));
            (string? from, string? to) = (parse.GetValue(source), parse.GetValue(destination));
            bool isLive = parse.GetResult(live) is not null;
            if (from is null != to is null || (from is null && (!isLive || string.IsNullOrWhiteSpace(parse.GetValue(live)))))
            {
                throw new UsageException("trace: from where to where? (give SRC and DST[:PORT], or --live with a filter, as 'host 10.0.0.23 and icmp')");
            }

            using TraceWorld world = await TraceWorld.OpenAsync(invocation, cancellationToken);
            (TraceEnd From, TraceEnd To)? ends = from is null ? null : FindEnds(world, from, to!, options);
            if (isLive)
            {
                return await FollowAsync(invocation, new LiveRun(invocation, world, LiveFilter(world, ends, options, parse.GetValue(live)), options.Timeout), parse.GetValue(count), parse.GetValue(format)!, cancellationToken);
            }

            TraceResult result = await new TraceRun(world, options).RunAsync(ends!.Value.From, Checked(ends.Value.To, options), cancellationToken);
            await WriteAsync(invocation, parse.GetValue(format)!, result);
            return result.Diagnosis.Outcome == TraceDiagnosis.Answered ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static (TraceEnd From, TraceEnd To) FindEnds(TraceWorld world, string from, string to, TraceOptions options)
    {
        TraceEnd destination = world.Find(to, options.IPv6);
        return (world.Find(from, destination.Address?.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6), destination);
    }

    private static string LiveFilter(TraceWorld world, (TraceEnd From, TraceEnd To)? ends, TraceOptions options, string? filter)
    {
        string?[] all =
        [
            ends is { } two ? world.FilterOf(two.From, two.To) : null,
            options.Protocol is ProbeRequest.Icmp ? "(icmp or icmp6)" : options.Protocol,
            string.IsNullOrWhiteSpace(filter) ? null : $"({filter})",
        ];
        return string.Join(" and ", all.OfType<string>());
    }

    /// <summary>Success: everything that was followed got where it went.</summary>
    private static async Task<int> FollowAsync(Invocation invocation, LiveRun run, int count, string format, CancellationToken cancellationToken)
    {
        if (format is Html or Pcapng && count != 1)
        {
            throw new UsageException($"trace --live -c {count} -o {format}: such a file is of one packet (use text or json, or 'weft capture' for a file of many)");
        }

        bool isGood = true;
        int seen = 0;
        await foreach (TraceResult result in run.RunAsync(cancellationToken))
        {
            isGood &= result.Diagnosis.Culprit is null;
            if (format == Text && seen > 0)
            {
                invocation.Output.WriteLine();
            }

            await WriteAsync(invocation, format, result, isOneOfMany: true);
            await invocation.Output.FlushAsync(cancellationToken);
            if (++seen == count)
            {
                break;
            }
        }

        return isGood ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task WriteAsync(Invocation invocation, string format, TraceResult result, bool isOneOfMany = false)
    {
        switch (format)
        {
            case Json when isOneOfMany:
                invocation.Output.WriteLine(System.Text.Json.JsonSerializer.Serialize(TraceDocument.Of(result), CliJson.Default.TraceDocument));
                break;
            case Json:
                invocation.WriteJson(TraceDocument.Of(result), JsonOutput.Cli.TraceDocument);
                break;
            case Html:
                invocation.Output.Write(TraceHtml.Write(result));
                break;
            case Pcapng:
                await invocation.WriteBytesAsync(TracePcapng.Write(result, invocation.Clock.GetUtcNow()));
                break;
            default:
                TraceText.Write(invocation.Output, result);
                break;
        }
    }

    private static TraceEnd Checked(TraceEnd destination, TraceOptions options)
    {
        string protocol = options.ProtocolFor(destination.Port);
        return destination switch
        {
            { Address: null } => throw new UsageException($"trace to '{destination.Name}': it has no address of this family"),
            { Port: null } when protocol != ProbeRequest.Icmp => throw new UsageException($"trace to '{destination.Name}' by {protocol}: to which port? (give {destination.Name}:PORT)"),
            _ => protocol == ProbeRequest.Icmp ? destination with { Port = null } : destination,
        };
    }

    private static IEnumerable<CompletionItem> Ends(CompletionContext context) => LabChoice.MemberNames(context).Select(name => new CompletionItem(name));

    private static TimeSpan ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!TraceOptions.TryParseTime(text, out TimeSpan time))
        {
            result.AddError($"--timeout cannot be '{text}': it is a time up to 20 s, as 500ms or 2s");
        }

        return time;
    }
}
