// include/uapi/linux/lwtunnel.h
namespace Weft.Netlink.Uapi;

internal static class LwTunnel
{
    // Values of RTA_ENCAP_TYPE.
    public const ushort LWTUNNEL_ENCAP_IP = 2;
    public const ushort LWTUNNEL_ENCAP_BPF = 6;

    // Nested in RTA_ENCAP of type ip.
    public const ushort LWTUNNEL_IP_ID = 1;
    public const ushort LWTUNNEL_IP_DST = 2;
    public const ushort LWTUNNEL_IP_SRC = 3;
    public const ushort LWTUNNEL_IP_TTL = 4;
    public const ushort LWTUNNEL_IP_TOS = 5;

    // Nested in RTA_ENCAP of type bpf.
    public const ushort LWT_BPF_XMIT = 3;
    public const ushort LWT_BPF_XMIT_HEADROOM = 4;

    // Nested in LWT_BPF_IN, OUT and XMIT.
    public const ushort LWT_BPF_PROG_FD = 1;
    public const ushort LWT_BPF_PROG_NAME = 2;
}
