using System.Text.Json.Serialization;
using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>One tracked connection, from the side that began to the other.</summary>
internal sealed record ConntrackRow
{
    /// <summary>For filtering and sorting.</summary>
    [JsonIgnore]
    public ConntrackKey Key { get; init; }

    public required string Protocol { get; init; }

    /// <summary>
    /// <c>OUT</c>: the endpoint on this node began; <c>IN</c>: the other side did; <c>SVC</c>: a client's flow to a service, before
    /// its translation.
    /// </summary>
    public required string Direction { get; init; }

    public required string Source { get; init; }

    /// <summary>For ICMP echo the identifier, on the side that asked.</summary>
    public required ushort SourcePort { get; init; }

    public required string Destination { get; init; }

    public required ushort DestinationPort { get; init; }

    /// <summary>CLOCK_MONOTONIC, seconds.</summary>
    public required uint Expires { get; init; }

    public required ulong RxPackets { get; init; }

    public required ulong RxBytes { get; init; }

    public required byte RxFlagsSeen { get; init; }

    public required uint LastRxReport { get; init; }

    public required ulong TxPackets { get; init; }

    public required ulong TxBytes { get; init; }

    public required byte TxFlagsSeen { get; init; }

    public required uint LastTxReport { get; init; }

    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Id of the service that the flow was translated for; 0: none.</summary>
    public required uint RevNat { get; init; }

    /// <summary>Source port or echo identifier that the other side sees; none: the flow's own.</summary>
    public ushort? NatPort { get; init; }

    /// <summary>Of <c>SVC</c>: the backend that the client has.</summary>
    public uint? BackendId { get; init; }

    /// <summary>Of the side that began.</summary>
    public required uint SourceIdentity { get; init; }

    public static ConntrackRow From(ConntrackKey key, in ConntrackValue value)
    {
        bool localBegan = value.Flags.HasFlag(ConntrackFlags.LocalBegan);
        return new ConntrackRow
        {
            Key = key,
            Protocol = SocketText.Protocol(key.Proto),
            Direction = key.Scope == ConntrackScope.Service ? "SVC" : localBegan ? "OUT" : "IN",
            Source = (localBegan ? key.Local : key.Remote).ToString(),
            SourcePort = localBegan ? key.LocalPort : key.RemotePort,
            Destination = (localBegan ? key.Remote : key.Local).ToString(),
            DestinationPort = localBegan ? key.RemotePort : key.LocalPort,
            Expires = value.Expires,
            RxPackets = value.RxPackets,
            RxBytes = value.RxBytes,
            RxFlagsSeen = value.RxFlagsSeen,
            LastRxReport = value.RxReport,
            TxPackets = value.TxPackets,
            TxBytes = value.TxBytes,
            TxFlagsSeen = value.TxFlagsSeen,
            LastTxReport = value.TxReport,
            Flags = FlagNames(value),
            RevNat = value.ServiceId,
            NatPort = value.NatPort == 0 ? null : value.NatPort.Value,
            BackendId = key.Scope == ConntrackScope.Service ? value.BackendId : null,
            SourceIdentity = value.SrcIdentity,
        };
    }

    private static List<string> FlagNames(in ConntrackValue value)
    {
        List<string> names = [];
        if (value.RxClosing != 0)
        {
            names.Add(ConntrackText.RxClosing);
        }

        if (value.TxClosing != 0)
        {
            names.Add(ConntrackText.TxClosing);
        }

        if (value.SeenNonSyn != 0)
        {
            names.Add(ConntrackText.SeenNonSyn);
        }

        if (value.Flags.HasFlag(ConntrackFlags.Hairpin))
        {
            names.Add(ConntrackText.Hairpin);
        }

        if (value.Flags.HasFlag(ConntrackFlags.Masqueraded))
        {
            names.Add(ConntrackText.Masqueraded);
        }

        if (value.Flags.HasFlag(ConntrackFlags.ByStack))
        {
            names.Add(ConntrackText.ByStack);
        }

        return names;
    }
}
