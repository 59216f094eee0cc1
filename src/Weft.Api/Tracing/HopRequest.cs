using System.Globalization;
using System.Net;
using System.Text;

namespace Weft.Api.Tracing;

/// <summary>What a client asks the agent to follow; it is followed while the client is connected.</summary>
public sealed record HopRequest
{
    /// <summary>Packets from here are followed, with all of their flow; null: by <see cref="Code"/> only.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>IPPROTO_* of those packets.</summary>
    public byte Protocol { get; init; }

    /// <summary>Source port of those packets; ICMP: the identifier.</summary>
    public ushort Port { get; init; }

    /// <summary>Instructions of classic BPF, eight bytes each as linux/filter.h has them; packets that it accepts are followed too.</summary>
    public ReadOnlyMemory<byte> Code { get; init; }

    /// <summary>Follow also the rest of the flows of which <see cref="Code"/> accepts a packet, in both directions and as they are translated.</summary>
    public bool WholeFlows { get; init; }

    /// <summary>Names of points (<c>transmit</c>); none: all.</summary>
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

    /// <summary>Name of the only device to look at, in the node's namespace; null: any.</summary>
    public string? Device { get; init; }

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
        Add("device", Device);
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
