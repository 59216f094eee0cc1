namespace Weft.Abi;

/// <summary>Whose view of a flow an entry is.</summary>
[BtfEnum("weft_ct_scope")]
public enum ConntrackScope : byte
{
    Endpoint = 0,
}
