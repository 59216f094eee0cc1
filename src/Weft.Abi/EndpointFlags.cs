namespace Weft.Abi;

/// <summary>Kinds of endpoint.</summary>
[Flags]
[BtfEnum("weft_endpoint_flags")]
public enum EndpointFlags : ushort
{
    None = 0,

    /// <summary>An address of this node itself: no device, no Ethernet addresses.</summary>
    Host = 1 << 0,

    /// <summary>It has a table in <c>weft_policies</c>.</summary>
    Policy = 1 << 1,

    /// <summary>What its table denies is told, and passes.</summary>
    Audit = 1 << 2,
}
