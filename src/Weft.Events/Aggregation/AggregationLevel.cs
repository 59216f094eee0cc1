namespace Weft.Events;

/// <summary>How many events of a flow are printed. What is not printed is counted, and the counts are.</summary>
public enum AggregationLevel
{
    /// <summary>Every event.</summary>
    None = 0,

    /// <summary>Not the points where a packet comes in: what was done with it follows.</summary>
    Low,

    /// <summary>As low; and at each other point of a flow the first packet and those with a new SYN, FIN or RST.</summary>
    Medium,

    /// <summary>Of each connection, both ways and all points together, the first packet and those with a new SYN, FIN or RST.</summary>
    Max,
}
