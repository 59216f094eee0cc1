using System.Globalization;

namespace Weft.Cli.Maps;

/// <summary>The line of <c>bpf ct list</c>, with the fields and flag bits that users of Cilium's know.</summary>
internal static class ConntrackText
{
    public const string RxClosing = "RxClosing";
    public const string TxClosing = "TxClosing";
    public const string SeenNonSyn = "SeenNonSyn";

    /// <summary>Cilium's name for a client whose backend is the client itself.</summary>
    public const string Hairpin = "LBLoopback";

    /// <summary>Not in Cilium's list, so its bit is one that is free there.</summary>
    public const string Masqueraded = "Masqueraded";

    /// <summary>The same.</summary>
    public const string ByStack = "ByStack";

    /// <param name="row">The connection.</param>
    /// <param name="now">CLOCK_MONOTONIC seconds, to print the time that remains; none: the time of expiry only.</param>
    public static string Line(ConntrackRow row, long? now)
    {
        string remaining = now is { } time
            ? string.Create(CultureInfo.InvariantCulture, $" (remaining: {row.Expires - time} sec(s))")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Protocol} {row.Direction} {Side(row.Source, row.SourcePort)} -> {Side(row.Destination, row.DestinationPort)}"
            + $" expires={row.Expires}{remaining}"
            + $" RxPackets={row.RxPackets} RxBytes={row.RxBytes} RxFlagsSeen=0x{row.RxFlagsSeen:x2} LastRxReport={row.LastRxReport}"
            + $" TxPackets={row.TxPackets} TxBytes={row.TxBytes} TxFlagsSeen=0x{row.TxFlagsSeen:x2} LastTxReport={row.LastTxReport}"
            + $" Flags=0x{Bits(row.Flags):x4} [ {string.Concat(row.Flags.Select(f => f + " "))}] RevNAT={row.RevNat}"
            + $" SourceSecurityID={row.SourceIdentity}{Field("BackendID", row.BackendId)}{Field("NatPort", row.NatPort)}");
    }

    private static string Field(string name, uint? value) =>
        value is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {name}={value}");

    private static string Side(string address, ushort port) => address.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");

    private static int Bits(IReadOnlyList<string> flags) => flags.Sum(flag => flag switch
    {
        RxClosing => 0x01,
        TxClosing => 0x02,
        Hairpin => 0x08,
        SeenNonSyn => 0x10,
        Masqueraded => 0x4000,
        ByStack => 0x8000,
        _ => 0,
    });
}
