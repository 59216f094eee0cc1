namespace Weft.Abi;

/// <summary>Where a packet was going when it was counted, as seen from the endpoint or device.</summary>
[BtfEnum("weft_direction")]
public enum MetricDirection : byte
{
    Unknown = 0,
    Ingress = 1,
    Egress = 2,
}
