namespace Weft.Abi;

/// <summary>What a conntrack lookup says of a packet; also the reason of trace events.</summary>
[BtfEnum("weft_ct_state")]
public enum ConntrackState : byte
{
    New = 0,
    Established = 1,
    Reply = 2,
    Related = 3,
    Reopened = 4,

    /// <summary>No lookup was made.</summary>
    Unknown = 5,
}
