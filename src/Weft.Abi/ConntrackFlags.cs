namespace Weft.Abi;

/// <summary>Set when an entry is created, never changed.</summary>
[Flags]
[BtfEnum("weft_ct_flags")]
public enum ConntrackFlags : ushort
{
    None = 0,

    /// <summary>The endpoint sent the first packet.</summary>
    LocalBegan = 1 << 0,
}
