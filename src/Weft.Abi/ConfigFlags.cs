namespace Weft.Abi;

/// <summary>What a node's programs are to do, or may expect of the kernel.</summary>
[Flags]
[BtfEnum("weft_config_flags")]
public enum ConfigFlags : uint
{
    None = 0,

    /// <summary>IPv4 packets of pods to the world leave with the node's address.</summary>
    Masquerade4 = 1 << 0,

    Masquerade6 = 1 << 1,

    /// <summary>Socket programs may call bpf_set_retval (6.1), so that a refused connect(2) says ECONNREFUSED, not EPERM.</summary>
    SetRetval = 1 << 2,

    /// <summary>What the node forwards for services goes from its programs to the underlay's device, past weft_vxlan and the node's stack.</summary>
    EncapBpf = 1 << 3,

    /// <summary>The node itself may be under policy.</summary>
    HostFirewall = 1 << 4,
}
