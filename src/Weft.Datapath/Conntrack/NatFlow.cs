using Weft.Abi;

namespace Weft.Datapath.Conntrack;

/// <summary>Which connection tracking entry a translation belongs to.</summary>
internal static class NatFlow
{
    /// <summary>The key of the flow's entry; null for a flow of the node itself, which is not tracked.</summary>
    /// <remarks>
    /// A pod's flow to the world is that of the endpoint after translation of the destination. A client of a service has an
    /// entry of the service: from outside the local side is the frontend; of a pod whose backend is itself the local side is the pod.
    /// </remarks>
    public static ConntrackKey? Of(in NatKey key, in NatValue value) => value.Flags switch
    {
        NatFlags f when f.HasFlag(NatFlags.Pod) => new ConntrackKey
        {
            Local = value.OrigAddr,
            LocalPort = value.OrigPort,
            Remote = key.Remote,
            RemotePort = key.RemotePort,
            Proto = key.Proto,
            Scope = ConntrackScope.Endpoint,
        },
        NatFlags f when f.HasFlag(NatFlags.Client) => new ConntrackKey
        {
            Local = value.FrontAddr,
            LocalPort = value.FrontPort,
            Remote = value.OrigAddr,
            RemotePort = value.OrigPort,
            Proto = key.Proto,
            Scope = ConntrackScope.Service,
        },
        NatFlags f when f.HasFlag(NatFlags.Hairpin) => new ConntrackKey
        {
            Local = value.OrigAddr,
            LocalPort = value.OrigPort,
            Remote = value.FrontAddr,
            RemotePort = value.FrontPort,
            Proto = key.Proto,
            Scope = ConntrackScope.Service,
        },
        _ => null,
    };
}
