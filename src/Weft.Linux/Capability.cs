// include/uapi/linux/capability.h: those that networking and BPF ask for.
namespace Weft.Linux;

/// <summary>Numbers of Linux capabilities.</summary>
public enum Capability
{
    CAP_NET_BIND_SERVICE = 10,
    CAP_NET_ADMIN = 12,
    CAP_NET_RAW = 13,
    CAP_SYS_ADMIN = 21,
    CAP_SYS_RESOURCE = 24,
    CAP_PERFMON = 38,
    CAP_BPF = 39,
}
