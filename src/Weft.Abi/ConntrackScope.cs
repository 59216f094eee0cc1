namespace Weft.Abi;

/// <summary>Which view of a flow an entry is.</summary>
[BtfEnum("weft_ct_scope")]
public enum ConntrackScope : byte
{
    /// <summary>An endpoint's, after translation.</summary>
    Endpoint = 0,

    /// <summary>A client's of a service, before translation.</summary>
    Service = 1,
}
