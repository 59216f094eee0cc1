using Weft.Model.Addressing;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Whether an identity is one that a rule's peer means.</summary>
internal static class PeerMatch
{
    /// <summary>
    /// The prefixes of a peer and of what it excepts all have identities of their own, so no identity's prefix lies across the edge of
    /// one: an address is meant exactly if its identity is.
    /// </summary>
    public static bool IsIn(WorkloadLabels labels, CidrPeer peer, bool withNodes) =>
        labels.Prefix is { } prefix && (labels.IsWorld || (withNodes && labels.IsNode))
        && peer.Network.Covers(prefix) && !peer.Except.Any(except => except.Covers(prefix));
}
