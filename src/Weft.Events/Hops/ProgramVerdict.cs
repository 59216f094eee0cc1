using Weft.Abi;

namespace Weft.Events.Hops;

/// <summary>What a program of the datapath decided about a packet: passed a trace point, dropped it, or judged its flow by policy.</summary>
public sealed record ProgramVerdict
{
    /// <summary>Null: it dropped the packet or judged its flow.</summary>
    public TracePoint? Point { get; init; }

    public DropReason? Drop { get; init; }

    /// <summary>Source file and line of a drop.</summary>
    public string? DropPlace { get; init; }

    /// <summary>Null: it judged nothing.</summary>
    public PolicyJudgement? Judgement { get; init; }

    public uint SourceIdentity { get; init; }

    public uint DestinationIdentity { get; init; }

    /// <summary>Endpoint that the event is of; 0: none.</summary>
    public ushort Endpoint { get; init; }

    /// <summary>State of the packet's flow in connection tracking.</summary>
    public ConntrackState Conntrack { get; init; }

    /// <summary>Device that the packet goes to or came from.</summary>
    public string? Device { get; init; }

    /// <summary>The pod that gets the packet; null: it goes elsewhere, or the name is not known.</summary>
    public string? Receiver { get; init; }
}
