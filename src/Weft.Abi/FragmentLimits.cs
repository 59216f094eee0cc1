namespace Weft.Abi;

/// <summary>What is kept of datagrams in fragments.</summary>
[BtfEnum("weft_fragment_limits")]
public enum FragmentLimits
{
    /// <summary>Seconds that the parts of a datagram may be apart.</summary>
    FragmentTime = 15,

    /// <summary>Fragments of one datagram that may wait for the first.</summary>
    HeldSlots = 64,

    /// <summary>Bytes of the longest frame that may.</summary>
    HeldFrame = 2044,
}
