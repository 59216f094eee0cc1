namespace Weft.Events.Hops;

/// <summary>What a hop is.</summary>
public enum HopKind
{
    /// <summary>A device sent it.</summary>
    Send,

    /// <summary>A device received it.</summary>
    Receive,

    /// <summary>A program of the datapath passed it on.</summary>
    Program,

    /// <summary>A program of the datapath dropped it.</summary>
    ProgramDrop,

    /// <summary>The kernel dropped it.</summary>
    KernelDrop,

    /// <summary>A device's driver refused it.</summary>
    NotSent,

    /// <summary>A process read it.</summary>
    Socket,

    /// <summary>The kernel itself did what it asked for.</summary>
    Kernel,
}
