namespace Weft.Netlink.Monitoring;

/// <summary>What to hear of.</summary>
[Flags]
public enum MonitoredGroups
{
    None = 0,
    Links = 1 << 0,
    Addresses = 1 << 1,
    Routes = 1 << 2,

    /// <summary>Neighbours and forwarding entries.</summary>
    Neighbours = 1 << 3,
    All = Links | Addresses | Routes | Neighbours,
}
