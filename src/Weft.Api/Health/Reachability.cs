namespace Weft.Api.Health;

/// <summary>What the probes say of a node or of its health endpoint.</summary>
public enum Reachability
{
    /// <summary>Every probe was answered.</summary>
    Reachable,

    /// <summary>No probe failed, but some have not ended yet.</summary>
    Unknown,

    /// <summary>Some probe was not answered, or not rightly.</summary>
    Unreachable,
}
