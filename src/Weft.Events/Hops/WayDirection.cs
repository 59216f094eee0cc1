namespace Weft.Events.Hops;

/// <summary>Which of a flow's packets one is.</summary>
public enum WayDirection
{
    /// <summary>From who is traced.</summary>
    Request,

    /// <summary>To who is traced.</summary>
    Reply,

    /// <summary>An ICMP error about a request.</summary>
    ErrorAboutRequest,

    /// <summary>An ICMP error about a reply.</summary>
    ErrorAboutReply,
}
