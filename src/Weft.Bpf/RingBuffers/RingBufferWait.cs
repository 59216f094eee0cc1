namespace Weft.Bpf.RingBuffers;

/// <summary>Why a wait for records ended.</summary>
public enum RingBufferWait
{
    /// <summary>There are records to read.</summary>
    Data = 0,

    TimedOut = 1,

    /// <summary><see cref="RingBufferReader.Wake"/> was called or the token cancelled; there may be records as well.</summary>
    Woken = 2,
}
