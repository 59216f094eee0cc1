namespace Weft.Abi;

/// <summary>What is known of a flow since it began.</summary>
[Flags]
[BtfEnum("weft_ct_flags")]
public enum ConntrackFlags : ushort
{
    None = 0,

    /// <summary>The endpoint itself sent the first packet.</summary>
    LocalBegan = 1 << 0,

    /// <summary>The remote sees the node's address and the entry's port.</summary>
    Masqueraded = 1 << 1,

    /// <summary>Of <see cref="ConntrackScope.Service"/>: the backend is the client itself.</summary>
    Hairpin = 1 << 2,

    /// <summary>The node's stack forwarded the flow to the pod, and sees the answers.</summary>
    ByStack = 1 << 3,
}
