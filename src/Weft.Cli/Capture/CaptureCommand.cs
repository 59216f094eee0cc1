using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Net.NetworkInformation;
using Weft.Abi;
using Weft.Api;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Lab;
using Weft.Cli.Trace;

namespace Weft.Cli.Capture;

/// <summary><c>weft capture</c>. Options are named as users of tcpdump and kubectl know them.</summary>
internal sealed class CaptureCommand
{
    private readonly Argument<string[]> _filter = new("filter")
    {
        HelpName = "FILTER",
        Description = "Which packets, as tcpdump takes it: 'tcp port 80 and host 10.0.0.23'; a packet in a tunnel is met by either header",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _pod = Several("--pod", "POD", "Only at this pod (POD or NAMESPACE/POD), may be repeated");
    private readonly Option<string?> _selector = new("--selector", "-l") { HelpName = "LABELS", Description = "Only at pods with these labels: 'app=web', 'tier in (a,b),!canary'; also pods that come later" };
    private readonly Option<string[]> _interface = Several("--interface", "-i", "NAME", "Only at this device, of the pods if some are named, else of the node; any: all; may be repeated");
    private readonly Option<string[]> _hop = Several("--hop", "--point", "POINT", $"At this point of the kernel, may be repeated: {string.Join(", ", CaptureScope.PointNames)}");
    private readonly Option<string[]> _flow = new("--flow")
    {
        HelpName = "END",
        Description = "Only between two ends, in both directions: --flow web db:5432 (pods, nodes, services, addresses)",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _from = new("--from") { HelpName = "END[:PORT]", Description = "Only what comes from there: a pod, a node, a service, an address" };
    private readonly Option<string?> _to = new("--to") { HelpName = "END[:PORT]", Description = "Only what goes there" };
    private readonly Option<string?> _protocol = new("--protocol") { HelpName = "PROTOCOL", Description = "Only tcp, udp, icmp, icmp6, arp or sctp" };
    private readonly Option<int?> _port = new("--port") { HelpName = "PORT", Description = "Only from or to this port" };
    private readonly Option<int> _count = new("--count", "-c") { HelpName = "N", Description = "End after so many packets" };
    private readonly Option<TimeSpan?> _duration = new("--duration") { HelpName = "TIME", Description = "End after this time: 30s, 5m", CustomParser = ParseDuration };
    private readonly Option<string?> _write = new("--write", "-w") { HelpName = "FILE", Description = "Write a capture file (pcapng) with names of pods and identities in comments; -: to standard output" };
    private readonly Option<long> _fileSize = new("--file-size", "-C") { HelpName = "SIZE", Description = "Begin a new file after so many million bytes, or 64k, 10m, 1g", CustomParser = ParseSize };
    private readonly Option<int> _files = new("--files", "-W") { HelpName = "N", Description = "With -C: keep only the last N files" };
    private readonly Option<int> _snapLength = new("--snapshot-length", "-s") { HelpName = "BYTES", Description = "Most bytes of each packet; 0: as many as can be" };
    private readonly Option<bool> _numeric = new("--numeric", "-n") { Description = "No names of addresses" };
    private readonly Option<bool> _link = new("--link", "-e") { Description = "Addresses of the link too" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "More of the headers; twice: a line for each", Arity = ArgumentArity.Zero };
    private readonly Option<bool> _hex = new("--hex", "-x") { Description = "The bytes in hexadecimal" };
    private readonly Option<bool> _characters = new("--ascii", "-X") { Description = "The bytes in hexadecimal and as characters" };

    private CaptureCommand()
    {
    }

    public static Command Create(CommandFactory factory)
    {
        CaptureCommand self = new();
        self._hop.AcceptOneOf(CaptureScope.PointNames);
        self._protocol.AcceptOneOf("tcp", "udp", "icmp", "icmp6", "arp", "sctp");
        self._pod.CompletionSources.Add(context => factory.Complete(context, PodsAsync).Concat(LabEnds(context)));
        self._from.CompletionSources.Add(LabEnds);
        self._to.CompletionSources.Add(LabEnds);
        self._flow.CompletionSources.Add(LabEnds);
        self._interface.CompletionSources.Add(context => Interfaces(factory, context));
        WeftCommand command = new(
            "capture",
            "Captures packets of pods and nodes, on several nodes at once: live lines, or a file for Wireshark. Where none is named, each packet once where it leaves a pod and where it comes in.",
            new Example("weft capture --pod web-k9x2p", "all that a pod sends and gets"),
            new Example("weft capture -l app=web tcp port 80", "at all pods with a label, on all nodes"),
            new Example("weft capture --flow cni-6vf5d cni-j22kt:5432 -w db.pcapng", "a flow, at both ends, into a file"),
            new Example("weft capture --node bpf1 -i ens3 udp port 8472", "the overlay on one node's device"),
            new Example("weft capture --hop drop", "what the kernel drops, and why"),
            new Example("weft capture --pod web-k9x2p -w - | wireshark -k -i -", "live in Wireshark"),
            new Example("weft capture -w ring.pcapng -C 100 -W 10", "the last gigabyte"))
        {
            self._filter, self._pod, self._selector, self._interface, self._hop, self._flow, self._from, self._to, self._protocol, self._port, self._count,
            self._duration, self._write, self._fileSize, self._files, self._snapLength, self._numeric, self._link, self._verbose, self._hex, self._characters,
        };
        factory.SetAction(command, self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        ParseResult parse = invocation.Parse;
        if (Contradiction(parse) is { } contradiction)
        {
            throw new UsageException($"capture: {contradiction}");
        }

        string[] points = parse.GetValue(_hop) ?? [];
        CaptureScope scope = new(parse.GetValue(_pod) ?? [], parse.GetValue(_selector), parse.GetValue(_interface) ?? [], points);
        CaptureOptions options = new(parse.GetValue(_count), parse.GetValue(_duration), parse.GetValue(_write), parse.GetValue(_fileSize), parse.GetValue(_files));
        CaptureTextOptions text = new(
            parse.GetValue(_numeric), parse.GetValue(_link), parse.GetResult(_verbose)?.IdentifierTokenCount ?? 0, parse.GetValue(_hex), parse.GetValue(_characters), points.Length > 0);
        CaptureFilter filter = new(
            string.Join(' ', parse.GetValue(_filter) ?? []), parse.GetValue(_from), parse.GetValue(_to), parse.GetValue(_flow) ?? [], parse.GetValue(_protocol), parse.GetValue(_port));
        CaptureFilter.Compile(filter.Expression);
        int snapLength = parse.GetValue(_snapLength) is > 0 and int given ? Math.Min(given, HopEvent.MaxSnapLength) : HopEvent.MaxSnapLength;

        using TraceWorld world = await TraceWorld.OpenAsync(invocation, cancellationToken, "capture");
        world.RequireNode();
        CaptureNames names = new(world);
        CaptureRun run = new(invocation, world, scope, options);
        return await run.RunAsync(
            scope.ToRequest(world, CaptureFilter.Compile(filter.ToExpression(world)), snapLength),
            () => options.File is { } file
                ? new CapturePcapng(
                    invocation, file == CaptureOptions.StandardOutput ? null : new CaptureFiles(file, options.FileBytes > 0, options.Files), options.FileBytes,
                    stream => new CaptureSection(stream, names, snapLength, text.Numeric), () => run.Lost)
                : invocation.AsJson ? new CaptureJson(invocation, names, text) : new CaptureText(invocation, names, text),
            cancellationToken);
    }

    /// <summary>Null: the options go together.</summary>
    private string? Contradiction(ParseResult parse) =>
        parse.GetValue(_fileSize) > 0 && parse.GetValue(_write) is null or CaptureOptions.StandardOutput
            ? "--file-size is of files: name one with -w"
        : parse.GetValue(_files) > 0 && parse.GetValue(_fileSize) == 0 ? "--files is of a ring of files: say with -C how large each is"
        : parse.GetValue(_count) < 0 || parse.GetValue(_files) < 0 || parse.GetValue(_snapLength) < 0 ? "--count, --files and --snapshot-length are no less than 0"
        : null;

    private static Option<string[]> Several(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description, AllowMultipleArgumentsPerToken = false };

    private static Option<string[]> Several(string name, string alias, string helpName, string description) =>
        new(name, alias) { HelpName = helpName, Description = description, AllowMultipleArgumentsPerToken = false };

    private static IEnumerable<CompletionItem> LabEnds(CompletionContext context) => LabChoice.MemberNames(context).Select(name => new CompletionItem(name));

    private static async Task<IEnumerable<CompletionItem>> PodsAsync(AgentClient agent, CancellationToken cancellationToken) =>
        from endpoint in await agent.GetEndpointsAsync(cancellationToken)
        where endpoint.Status?.ExternalIdentifiers?.PodName is not null
        select new CompletionItem(endpoint.Status!.ExternalIdentifiers!.PodName!);

    private static IEnumerable<CompletionItem> Interfaces(CommandFactory factory, CompletionContext context) =>
    [
        new CompletionItem(CaptureScope.Any),
        .. NetworkInterface.GetAllNetworkInterfaces().Select(device => new CompletionItem(device.Name)),
        .. factory.Complete(context, async (agent, cancellationToken) =>
            from endpoint in await agent.GetEndpointsAsync(cancellationToken)
            let name = endpoint.Status?.Networking?.InterfaceName
            where name is not null
            select new CompletionItem(name, detail: endpoint.Status?.ExternalIdentifiers?.PodName)),
    ];

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!CaptureOptions.TryParseDuration(text, out TimeSpan duration))
        {
            result.AddError($"--duration cannot be '{text}': it is a time, as 30s, 5m or 500ms");
        }

        return duration;
    }

    private static long ParseSize(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (!CaptureOptions.TryParseSize(text, out long bytes))
        {
            result.AddError($"--file-size cannot be '{text}': it is a number of million bytes, or one with k, m or g");
        }

        return bytes;
    }
}
