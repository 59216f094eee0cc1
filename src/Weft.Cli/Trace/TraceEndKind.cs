namespace Weft.Cli.Trace;

/// <summary>What an end of a trace is.</summary>
internal enum TraceEndKind
{
    Pod,
    Node,
    Service,

    /// <summary>A host of a lab that is no node.</summary>
    Outside,

    /// <summary>An address that nobody here is known by.</summary>
    Address,
}
