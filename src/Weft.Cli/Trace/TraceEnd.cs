using System.Net;

namespace Weft.Cli.Trace;

/// <summary>One end of a trace, as the command line names it and as it was found.</summary>
/// <param name="Kind">What it turned out to be.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Address">Where packets to it go; null: a source whose kernel chooses.</param>
internal sealed record TraceEnd(TraceEndKind Kind, string Name, IPAddress? Address)
{
    /// <summary>Node that it is on, or is; null: none that this trace knows.</summary>
    public string? Node { get; init; }

    /// <summary>Of a pod.</summary>
    public long? Endpoint { get; init; }

    /// <summary>Null: the trace is by ICMP.</summary>
    public int? Port { get; init; }

    public override string ToString()
    {
        string kind = Kind switch
        {
            TraceEndKind.Pod => "pod ",
            TraceEndKind.Node => "node ",
            TraceEndKind.Service => "service ",
            TraceEndKind.Outside => "host ",
            _ => "",
        };
        string address = Address is null || Name == Address.ToString() ? "" : $" ({Address}{(Node is null || Kind == TraceEndKind.Node ? "" : $", {Node}")})";
        return $"{kind}{Name}{address}{(Port is { } port ? $" port {port}" : "")}";
    }
}
