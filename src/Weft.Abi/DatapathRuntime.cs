using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>The only element of map <c>weft_runtime</c>: what an operator switches while packets flow.</summary>
[BtfStruct("weft_runtime")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct DatapathRuntime
{
    /// <summary>Wanted from every endpoint and device.</summary>
    public EventMask Events;

    public Aggregation Aggregation;

    /// <summary>Bytes of each packet copied into an event; the datapath stops at <see cref="MaxCaptureLength"/>.</summary>
    public uint CaptureLen;

    /// <summary>Non-zero: some endpoint has an events mask of its own.</summary>
    public uint EndpointsFlagged;

    /// <summary>Wanted of packets that a tracer follows; none: nobody traces.</summary>
    public EventMask Watch;

    private readonly uint _pad;

    public const int MaxCaptureLength = 256;
}
