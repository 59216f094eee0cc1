using Weft.Datapath.Maps;

namespace Weft.Control.Cluster;

/// <summary>The tables of the datapath that tell of the cluster.</summary>
public sealed record DatapathEntries(NodeEntries Nodes, IpcacheEntries Ipcache);
