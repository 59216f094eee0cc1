namespace Weft.Abi;

/// <summary>How many trace events a flow makes.</summary>
[BtfEnum("weft_aggregation")]
public enum Aggregation : uint
{
    /// <summary>Every trace point of every packet.</summary>
    None = 0,

    /// <summary>No from-* points.</summary>
    Low = 1,

    /// <summary>As low, and one event a flow per new TCP flag or per report interval.</summary>
    Medium = 2,
}
