using System.CommandLine;
using System.Text.RegularExpressions;
using Weft.Cli.Hosting;

namespace Weft.Cli.Trace;

/// <summary>The options of <c>weft trace kernel</c>.</summary>
internal sealed class KernelFlags
{
    private static readonly string[] s_times = ["none", "current", "relative", "absolute"];

    private readonly Option<string?> _netns = new("--filter-netns")
    {
        HelpName = "NETNS",
        Description = "Only in this network namespace: a pod (POD or NAMESPACE/POD), an inode (4026531840 or inode:4026531840), or a path (/proc/PID/ns/net)",
    };

    private readonly Option<string?> _device = new("--filter-ifname") { HelpName = "NAME", Description = "Only at this device of the node, or of --filter-netns" };
    private readonly Option<string?> _mark = new("--filter-mark") { HelpName = "MARK[/MASK]", Description = "Only packets with this mark" };

    private readonly Option<string?> _function = new("--filter-func")
    {
        HelpName = "REGEX",
        Description = "Only at functions of the kernel whose whole name matches; default: all that take a packet",
    };

    private readonly Option<bool> _track = new("--filter-track-skb")
    {
        Description = "Follow a packet that was met once until it is freed, whatever becomes of its headers: through tunnels, translation and namespaces, and its clones",
    };

    private readonly Option<bool> _everywhere = new("--all-netns") { Description = "In every network namespace of the machine, not only the node's and its pods'" };
    private readonly Option<bool> _modules = new("--all-kmods") { Description = "Also functions of the kernel's modules" };
    private readonly Option<bool> _meta = new("--output-meta") { Description = "Show namespace, mark, device and length (default true)", DefaultValueFactory = _ => true };
    private readonly Option<bool> _tuple = new("--output-tuple") { Description = "Show addresses, ports and protocol (default true)", DefaultValueFactory = _ => true };
    private readonly Option<bool> _skb = new("--output-skb")
    {
        Description = "Below each line fields of struct sk_buff: len, data_len, protocol, mark, hash, priority, queue_mapping, ip_summed, pkt_type, vlan, users, cloned, truesize, tstamp",
    };

    private readonly Option<bool> _stack = new("--output-stack") { Description = "The kernel's stack below each line" };
    private readonly Option<int> _limit = new("--output-limit-lines") { HelpName = "N", Description = "End after so many lines" };
    private readonly Option<string?> _file = new("--output-file") { HelpName = "FILE", Description = "Write there instead of to standard output" };

    private readonly Option<string> _times = new("--timestamp")
    {
        HelpName = "KIND",
        Description = "none, current (time of day when it is shown), relative (seconds since the packet was seen before) or absolute (seconds since the machine started)",
        DefaultValueFactory = _ => "absolute",
    };

    public KernelFlags()
    {
        _times.AcceptOneOf(s_times);
        _mark.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !KernelOptions.TryParseMark(result.Tokens[^1].Value, out _))
            {
                result.AddError($"--filter-mark cannot be '{result.Tokens[^1].Value}': it is a number, as 0x400 or 0x400/0xf00");
            }
        });
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_netns, _device, _mark, _function, _track, _everywhere, _modules, _meta, _tuple, _skb, _stack, _limit, _file, _times])
        {
            command.Add(option);
        }
    }

    public KernelOptions Read(ParseResult parse, string filter)
    {
        KernelOptions options = new()
        {
            Filter = filter,
            Mark = parse.GetValue(_mark) is { } text && KernelOptions.TryParseMark(text, out (uint, uint) value) ? value : null,
            Netns = parse.GetValue(_netns),
            Device = parse.GetValue(_device),
            Function = ReadFunction(parse.GetValue(_function)),
            Track = parse.GetValue(_track),
            AllNamespaces = parse.GetValue(_everywhere),
            AllModules = parse.GetValue(_modules),
            Meta = parse.GetValue(_meta),
            Tuple = parse.GetValue(_tuple),
            Skb = parse.GetValue(_skb),
            Stack = parse.GetValue(_stack),
            Limit = parse.GetValue(_limit),
            File = parse.GetValue(_file),
            Times = Enum.Parse<KernelTimes>(parse.GetValue(_times)!, ignoreCase: true),
        };
        return options is { Filter: "", Mark: null, Netns: null, Device: null }
            ? throw new UsageException("trace kernel: which packets? (give a filter, as 'host 10.0.0.23 and icmp', or --filter-netns, --filter-ifname or --filter-mark)")
            : options;
    }

    private static Regex? ReadFunction(string? expression)
    {
        try
        {
            return expression is null ? null : new Regex($"^(?:{expression})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"trace kernel: --filter-func '{expression}': {error.Message}");
        }
    }
}
