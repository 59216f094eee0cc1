namespace Weft.Lab.Topology;

/// <summary>What the nodes of a lab meet in.</summary>
public enum LabStoreKind
{
    /// <summary>A file in a directory that all nodes have.</summary>
    Sqlite,

    /// <summary>An etcd beside the nodes' router, reached over the underlay as by real machines.</summary>
    Etcd,
}
