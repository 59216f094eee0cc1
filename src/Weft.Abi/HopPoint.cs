namespace Weft.Abi;

/// <summary>Where the kernel was when it had a packet: one of its tracepoints, or any function that was called.</summary>
[BtfEnum("weft_hop_point")]
public enum HopPoint : ushort
{
    /// <summary>Given to a device, before its queueing discipline.</summary>
    Queue = 1,

    /// <summary>Given to the device's driver.</summary>
    Transmit = 2,

    /// <summary>The driver refused it.</summary>
    NotSent = 3,

    /// <summary>Taken from a device, before the programs on it.</summary>
    Receive = 4,

    /// <summary>Read by a process.</summary>
    Socket = 5,

    /// <summary>Thrown away; the record says why.</summary>
    Drop = 6,

    /// <summary>The end of a packet that did its work.</summary>
    Consumed = 7,

    /// <summary>Put on a CPU's backlog.</summary>
    Rx = 8,

    /// <summary>Came in at a pod's device, as a tap there sees it: also by <c>bpf_redirect_peer</c>, of which no tracepoint tells.</summary>
    Deliver = 9,

    /// <summary>A function was called with it.</summary>
    Function = 10,
}
