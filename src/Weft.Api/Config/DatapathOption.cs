namespace Weft.Api.Config;

/// <summary>Names of the options that can be changed while packets flow, for all endpoints or for one.</summary>
public static class DatapathOption
{
    /// <summary>Debug messages and packet captures for every packet, whether or not anybody monitors.</summary>
    public const string Debug = "Debug";

    /// <summary>An event for every dropped packet; on by default.</summary>
    public const string DropNotification = "DropNotification";

    /// <summary>An event for every trace point that a packet passes.</summary>
    public const string TraceNotification = "TraceNotification";

    /// <summary>How many trace events of one flow are left out: <c>None</c>, <c>Low</c> or <c>Medium</c>. Not per endpoint.</summary>
    public const string MonitorAggregationLevel = "MonitorAggregationLevel";

    /// <summary>What policy denies is told, and passes. Kept over restarts of the agent for an endpoint, not for the node.</summary>
    public const string PolicyAuditMode = "PolicyAuditMode";

    /// <summary>When endpoints are under policy: <c>default</c>, <c>always</c> or <c>never</c>, or one a direction. Not per endpoint.</summary>
    public const string PolicyEnforcement = "PolicyEnforcement";

    public const string Enabled = "Enabled";
    public const string Disabled = "Disabled";
}
