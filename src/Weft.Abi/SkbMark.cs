namespace Weft.Abi;

/// <summary>What skb->mark says between the programs of one node; shared with the users of netfilter.</summary>
[BtfEnum("weft_mark")]
public enum SkbMark : uint
{
    /// <summary>The bits that say what the rest is.</summary>
    Mask = 0x0f00,

    /// <summary>Leaves as it is: no port is to be found for it.</summary>
    Translated = 0x0300,

    /// <summary>Sent by the overlay: the identity's low 16 bits are bits 16-31, its upper 8 are bits 0-7.</summary>
    Overlay = 0x0400,
}
