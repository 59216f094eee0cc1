namespace Weft.Netlink.Netfilter.Text;

/// <summary>Which header a comparison tells the protocol of.</summary>
internal enum Layer
{
    None,

    /// <summary>By the kind of device: that there is an Ethernet header.</summary>
    Link,

    /// <summary>By the EtherType in the frame, or the kernel's own mark of it.</summary>
    Network,

    /// <summary>By <c>meta l4proto</c>.</summary>
    Transport,

    /// <summary>By the IP header's own field, which a rule of two families keeps.</summary>
    TransportByHeader,
}
