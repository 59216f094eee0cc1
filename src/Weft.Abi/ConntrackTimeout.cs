namespace Weft.Abi;

/// <summary>Idle times in seconds after which an entry may be collected.</summary>
[BtfEnum("weft_ct_timeout")]
public enum ConntrackTimeout
{
    Syn = 60,
    Tcp = 8000,
    Any = 60,
    Close = 10,

    /// <summary>At most one trace event a flow and direction in this time, with aggregation medium.</summary>
    ReportInterval = 5,
}
