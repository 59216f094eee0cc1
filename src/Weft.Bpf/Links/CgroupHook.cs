// include/uapi/linux/bpf.h, enum bpf_attach_type
namespace Weft.Bpf.Links;

/// <summary>When a program of a cgroup runs, as the kernel numbers it: those that concern the addresses of sockets.</summary>
public enum CgroupHook
{
    Connect4 = 10,
    Connect6 = 11,
    PostBind4 = 12,
    PostBind6 = 13,

    /// <summary>A datagram to an address that it names; not on connected sockets.</summary>
    SendMessage4 = 14,

    SendMessage6 = 15,

    /// <summary>A datagram whose sender's address is asked for.</summary>
    ReceiveMessage4 = 19,

    ReceiveMessage6 = 20,

    /// <summary>Kernel 5.8.</summary>
    GetPeerName4 = 29,

    /// <summary>Kernel 5.8.</summary>
    GetPeerName6 = 30,
}
