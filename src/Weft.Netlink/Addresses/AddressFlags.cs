// include/uapi/linux/if_addr.h: IFA_F_*
namespace Weft.Netlink.Addresses;

[Flags]
public enum AddressFlags : uint
{
    None = 0,

    /// <summary>Secondary for IPv4, temporary for IPv6.</summary>
    IFA_F_SECONDARY = 0x01,

    /// <summary>No duplicate address detection: an IPv6 address is usable at once.</summary>
    IFA_F_NODAD = 0x02,
    IFA_F_DADFAILED = 0x08,
    IFA_F_DEPRECATED = 0x20,

    /// <summary>Duplicate address detection runs still: the address cannot be bound yet.</summary>
    IFA_F_TENTATIVE = 0x40,
    IFA_F_PERMANENT = 0x80,

    /// <summary>Without the route to its network that the kernel adds by itself.</summary>
    IFA_F_NOPREFIXROUTE = 0x200,
}
