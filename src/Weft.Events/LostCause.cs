namespace Weft.Events;

/// <summary>Where events were lost. The numbers are those of the monitor stream.</summary>
public enum LostCause : byte
{
    /// <summary>The kernel's ring buffer was full: the agent did not read fast enough.</summary>
    RingFull = 0,

    /// <summary>The agent had events for this client that it did not take in time.</summary>
    ClientSlow = 1,
}
