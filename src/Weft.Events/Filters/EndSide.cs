namespace Weft.Events;

/// <summary>Which end of a packet a condition is about.</summary>
public enum EndSide
{
    /// <summary>Either.</summary>
    Any = 0,
    From,
    To,
}
