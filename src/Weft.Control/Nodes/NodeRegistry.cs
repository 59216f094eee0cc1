using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Nodes;

/// <summary>All nodes of a cluster, this one included.</summary>
public sealed class NodeRegistry(IStore store, ClusterName cluster, TimeProvider clock)
{
    /// <summary>Every node, then every change, without end.</summary>
    public IAsyncEnumerable<RecordEvent<NodeRecord>> FollowAsync(CancellationToken cancellationToken) =>
        new RecordFollower<NodeRecord>(store, StoreKeys.Nodes(cluster), ModelJsonContext.Default.NodeRecord, clock).FollowAsync(cancellationToken);
}
