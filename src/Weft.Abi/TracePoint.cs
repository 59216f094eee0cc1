namespace Weft.Abi;

/// <summary>Places that a packet passes.</summary>
[BtfEnum("weft_trace_point")]
public enum TracePoint : byte
{
    ToEndpoint = 0,
    ToProxy = 1,
    ToHost = 2,
    ToStack = 3,
    ToOverlay = 4,
    FromEndpoint = 5,
    FromProxy = 6,
    FromHost = 7,
    FromStack = 8,
    FromOverlay = 9,
    FromNetwork = 10,
    ToNetwork = 11,
}
