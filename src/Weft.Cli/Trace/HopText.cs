using System.Globalization;
using Weft.Abi;
using Weft.Events;
using Weft.Events.Hops;
using Weft.Model.Identities;

namespace Weft.Cli.Trace;

/// <summary>The words for one hop, the same in every kind of output.</summary>
internal static class HopText
{
    /// <summary>A pod's name, or a dash for the node's own namespace.</summary>
    public static string Namespace(Hop hop) => hop.Namespace switch
    {
        null => "?",
        "" => "node",
        string pod => pod,
    };

    public static string Device(Hop hop) => hop.Seen.Device ?? hop.Seen.Program?.Device ?? "";

    /// <summary>What the hop is: sending or receiving, a program, a function, a process.</summary>
    public static string Point(Hop hop) => hop.Kind switch
    {
        HopKind.Send => "send",
        HopKind.Receive => "receive",
        HopKind.NotSent => "send",
        HopKind.Socket => $"socket of {hop.Function}",
        HopKind.Kernel or HopKind.KernelDrop => hop.Function ?? "kernel",
        _ => hop.Function ?? "datapath",
    };

    /// <summary>Identities of both ends, as far as the program knew them.</summary>
    public static string Identity(Hop hop) => hop.Seen.Program is { } program && (program.SourceIdentity | program.DestinationIdentity) != 0
        ? program.DestinationIdentity == 0 ? $"{new Identity(program.SourceIdentity)}" : $"{new Identity(program.SourceIdentity)} -> {new Identity(program.DestinationIdentity)}"
        : "";

    public static string Vni(Hop hop) => hop.Seen.Facts.Vni?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>State of the packet's flow; empty where no lookup was made.</summary>
    public static string Conntrack(Hop hop) => hop.Seen.Program is { Conntrack: not ConntrackState.Unknown and var state } ? TraceNames.State(state) : "";

    public static string Verdict(Hop hop) => hop.Kind switch
    {
        HopKind.Program => TraceNames.Point(hop.Seen.Program!.Point!.Value),
        HopKind.ProgramDrop => $"DROP {DropReasons.Text(hop.Seen.Program!.Drop!.Value)}",
        HopKind.KernelDrop => $"DROP {hop.Seen.KernelReason}",
        HopKind.NotSent => "DROP refused by the driver",
        HopKind.Socket or HopKind.Kernel => "delivered",
        _ => "",
    };

    public static string Changes(Hop hop) => string.Join(", ", hop.Delta.Select(change => change.ToString()));
}
