using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of maps <c>weft_ct_tcp</c> and <c>weft_ct_any</c>. Times are CLOCK_MONOTONIC seconds; tx is from the endpoint, rx to it.</summary>
[BtfStruct("weft_ct_value")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ConntrackValue
{
    public ulong TxPackets;

    /// <summary>Length of the inner packets from the Ethernet header on.</summary>
    public ulong TxBytes;

    public ulong RxPackets;
    public ulong RxBytes;
    public uint Expires;

    /// <summary>When the last trace event for this direction was sent.</summary>
    public uint TxReport;

    public uint RxReport;

    /// <summary>Of the side that began.</summary>
    public uint SrcIdentity;

    /// <summary>Service that the flow was translated for; 0: none.</summary>
    public uint ServiceId;

    /// <summary>Of <see cref="ConntrackScope.Service"/>: the backend that the flow has.</summary>
    public uint BackendId;

    public ConntrackFlags Flags;

    /// <summary>Source port or echo identifier towards the remote; 0: not translated.</summary>
    public Be16 NatPort;

    public Be16 FrontPort;

    /// <summary>TCP flags as in byte 13 of the header.</summary>
    public byte TxFlagsSeen;

    public byte RxFlagsSeen;

    /// <summary>Non-zero: FIN or RST seen.</summary>
    public byte TxClosing;

    public byte RxClosing;

    /// <summary>Non-zero: TCP is past the first packet of the handshake.</summary>
    public byte SeenNonSyn;

    private readonly byte _pad;

    /// <summary><see cref="EndpointValue.PolicyEpoch"/> when the flow was judged last.</summary>
    public uint PolicyEpoch;

    /// <summary>What the client called instead of the backend; all zero: no service.</summary>
    public WeftAddress FrontAddr;
}
