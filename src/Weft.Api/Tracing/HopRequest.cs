using System.Globalization;
using System.Net;
using System.Text;

namespace Weft.Api.Tracing;

/// <summary>What a client asks the agent to follow; it is followed while the client is connected.</summary>
public sealed record HopRequest
{
    /// <summary>Value of <c>in</c>: <see cref="NodeOnly"/>.</summary>
    public const string InNode = "node";

    /// <summary>Value of <c>in</c>: <see cref="PodsOnly"/>.</summary>
    public const string InPods = "pods";

    /// <summary>Packets from here are followed, with all of their flow; null: by <see cref="Code"/> only.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>IPPROTO_* of those packets.</summary>
    public byte Protocol { get; init; }

    /// <summary>Source port of those packets; ICMP: the identifier.</summary>
    public ushort Port { get; init; }

    /// <summary>
    /// Instructions of classic BPF for packets with an Ethernet header, eight bytes each as linux/filter.h has them; packets that it accepts are followed too.
    /// </summary>
    public ReadOnlyMemory<byte> Code { get; init; }

    /// <summary>Follow also the rest of the flows of which <see cref="Code"/> accepts a packet, in both directions and as they are translated.</summary>
    public bool WholeFlows { get; init; }

    /// <summary>Names of points (<c>transmit</c>); none: all that are tracepoints, which <c>deliver</c> is not.</summary>
    public IReadOnlyList<string> Points { get; init; } = [];

    /// <summary>Names of points to tell the kernel's stack of.</summary>
    public IReadOnlyList<string> Stacks { get; init; } = [];

    /// <summary>Kinds of event that the datapath's programs are to make of what is followed, as in <see cref="MonitorRequest"/>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>In every network namespace of the machine, not only the node's and its pods'.</summary>
    public bool AllNamespaces { get; init; }

    public uint Mark { get; init; }

    /// <summary>0: any mark.</summary>
    public uint MarkMask { get; init; }

    /// <summary>Names of the only devices to tell of; none: any.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>What is in the node's own namespace, and no pod's, is told of.</summary>
    public bool NodeOnly { get; init; }

    /// <summary>Only namespaces of pods are looked at: of those that <see cref="Pods"/> or <see cref="Selector"/> name, or of all.</summary>
    public bool PodsOnly { get; init; }

    /// <summary>Names as NAMESPACE/POD.</summary>
    public IReadOnlyList<string> Pods { get; init; } = [];

    /// <summary>Of labels, as kubectl takes it; also pods that come later are looked at.</summary>
    public string? Selector { get; init; }

    /// <summary>Most bytes of each packet; 0: enough for its headers.</summary>
    public int SnapLength { get; init; }

    /// <summary>The only network namespace to tell of: its inode in decimal, or the name of a pod of the node; null: any.</summary>
    public string? Namespace { get; init; }

    /// <summary>A packet that was met once is followed until it is freed, whatever becomes of its headers.</summary>
    public bool Track { get; init; }

    /// <summary>Regular expression that all of a name must match: functions of the kernel that are to tell too, where it lets them; null: none.</summary>
    public string? Functions { get; init; }

    /// <summary>Also functions of modules.</summary>
    public bool AllModules { get; init; }

    /// <summary>Path and query of the request.</summary>
    public string ToPath()
    {
        StringBuilder path = new(ApiPaths.TraceHops);
        char next = '?';
        Add("source", Source?.ToString());
        Add("protocol", Protocol == 0 ? null : Number(Protocol));
        Add("port", Port == 0 ? null : Number(Port));
        Add("code", Code.IsEmpty ? null : Convert.ToHexStringLower(Code.Span));
        Add("whole-flows", WholeFlows ? "true" : null);
        Add("points", Points.Count == 0 ? null : string.Join(',', Points));
        Add("stacks", Stacks.Count == 0 ? null : string.Join(',', Stacks));
        Add("events", Events.Count == 0 ? null : string.Join(',', Events));
        Add("all-namespaces", AllNamespaces ? "true" : null);
        Add("mark", MarkMask == 0 ? null : $"{Number(Mark)}/{Number(MarkMask)}");
        Add("devices", Devices.Count == 0 ? null : string.Join(',', Devices));
        Add("in", NodeOnly ? InNode : PodsOnly ? InPods : null);
        Add("pods", Pods.Count == 0 ? null : string.Join(',', Pods));
        Add("selector", Selector);
        Add("snap-length", SnapLength == 0 ? null : Number((uint)SnapLength));
        Add("namespace", Namespace);
        Add("track", Track ? "true" : null);
        Add("functions", Functions);
        Add("all-modules", AllModules ? "true" : null);
        return path.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                path.Append(next).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                next = '&';
            }
        }
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
