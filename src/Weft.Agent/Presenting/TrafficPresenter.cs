using Weft.Abi;
using Weft.Api.Status;
using Weft.Control.Node;

namespace Weft.Agent.Presenting;

/// <summary>How pods, the node and the world reach each other, as the programs in the kernel do it at this moment.</summary>
/// <remarks>One answer: what is attached is asked once.</remarks>
internal sealed class TrafficPresenter(NodeAgent agent)
{
    private readonly bool _attached = agent.Kernel.IsNodeAttached;

    public ModeStatus HostRouting() => new() { Mode = _attached ? "BPF" : ComponentState.Disabled };

    public Masquerading Masquerading()
    {
        ConfigFlags flags = _attached ? agent.Kernel.Config.Flags : ConfigFlags.None;
        EnabledProtocols families = new()
        {
            Ipv4 = flags.HasFlag(ConfigFlags.Masquerade4),
            Ipv6 = flags.HasFlag(ConfigFlags.Masquerade6),
        };
        bool enabled = families.Ipv4 || families.Ipv6;
        return new Masquerading
        {
            Enabled = enabled,
            EnabledProtocols = families,
            Mode = enabled ? "BPF" : null,
            SnatExclusionCidrV4 = families.Ipv4 ? agent.Local.PodCidr.ToString() : null,
            SnatExclusionCidrV6 = families.Ipv6 ? agent.Local.PodCidr6?.ToString() : null,
        };
    }

    /// <summary>Partial where processes of the node are left without services.</summary>
    public KubeProxyReplacement KubeProxyReplacement(SocketLB sockets)
    {
        if (!_attached)
        {
            return new KubeProxyReplacement { SocketLB = sockets };
        }

        LocalNode local = agent.Local;
        return new KubeProxyReplacement
        {
            Mode = sockets.Enabled ? "True" : "Partial",
            SocketLB = sockets,
            Devices = [local.Underlay.Name],
            DeviceList = [new KubeProxyDevice { Name = local.Underlay.Name, Ip = [.. local.Addresses.Select(address => address.ToString())] }],
            DirectRoutingDevice = local.Underlay.Name,
        };
    }
}
