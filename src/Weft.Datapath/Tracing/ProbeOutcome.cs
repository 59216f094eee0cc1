namespace Weft.Datapath.Tracing;

/// <summary>What the sender of a probe was told.</summary>
public enum ProbeOutcome
{
    /// <summary>An echo reply, a datagram, a connection.</summary>
    Answered,

    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>It cannot get there, says a router or the sender's own kernel.</summary>
    Unreachable,

    /// <summary>Nothing came back in time.</summary>
    Silent,

    /// <summary>The sender's kernel did not send it.</summary>
    NotSent,
}
