namespace Weft.Abi;

/// <summary>What else the datapath is to know of an address.</summary>
[Flags]
[BtfEnum("weft_ipcache_flags")]
public enum IpcacheFlags : uint
{
    None = 0,

    /// <summary>Some service has this address.</summary>
    Service = 1 << 0,

    /// <summary>Reached with the pod's own address, never masqueraded.</summary>
    Native = 1 << 1,
}
