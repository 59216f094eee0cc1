namespace Weft.Abi;

/// <summary>Whose source was translated.</summary>
[Flags]
[BtfEnum("weft_nat_flags")]
public enum NatFlags : ushort
{
    None = 0,

    /// <summary>A pod's flow to the world, as the node.</summary>
    Pod = 1 << 0,

    /// <summary>A flow of the node itself, which keeps its port if it can.</summary>
    Host = 1 << 1,

    /// <summary>A service's client from outside, as the router.</summary>
    Client = 1 << 2,

    /// <summary>A pod's flow to a service that led back to it, as the router.</summary>
    Hairpin = 1 << 3,
}
