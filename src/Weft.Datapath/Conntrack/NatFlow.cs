using Weft.Abi;

namespace Weft.Datapath.Conntrack;

/// <summary>Which connection tracking entry a translation belongs to.</summary>
internal static class NatFlow
{
    /// <summary>The key of the flow's entry, which may not be there; null where the flags name no kind of flow.</summary>
    /// <remarks>
    /// A pod's flow to the world is that of the endpoint after translation of the destination; a flow of the node itself is tracked,
    /// likewise, only if it had to take another port than its own. A client of a service has an
    /// entry of the service: from outside the local side is the frontend; of a pod whose backend is itself the local side is the pod.
    /// </remarks>
    public static ConntrackKey? Of(in NatKey key, in NatValue value) => value.Flags switch
    {
        NatFlags f when (f & (NatFlags.Pod | NatFlags.Host)) != 0 => new ConntrackKey
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
