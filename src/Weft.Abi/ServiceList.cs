namespace Weft.Abi;

/// <summary>Which clients a list of backends is for.</summary>
[BtfEnum("weft_service_list")]
public enum ServiceList : byte
{
    /// <summary>Pods and the node's processes.</summary>
    Internal = 0,

    /// <summary>From outside, at the underlay's device.</summary>
    External = 1,

    /// <summary>How many there are.</summary>
    Lists = 2,
}
