using System.Net.Sockets;
using Weft.Lab.Nodes;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Store;
using Weft.Store.Etcd;

namespace Weft.Lab.Stores;

/// <summary>The store of a lab: what its agents are told, and the way to it from the host.</summary>
public static class LabStore
{
    /// <summary>As an agent on a node has it.</summary>
    public static string LocationOnNodes(LabPaths paths, LabTopology topology) => topology.Store == LabStoreKind.Etcd
        ? EtcdLocation.Scheme + LabEtcd.EndpointOf(topology)
        : $"sqlite://{NodeSandbox.StoreDirectory}/{Path.GetFileName(paths.StoreFile)}";

    /// <summary>Opens it from outside of the nodes.</summary>
    /// <remarks>The connections to an etcd are made inside the lab's underlay.</remarks>
    public static async Task<IStore> OpenAsync(LabPaths paths, LabTopology topology, CancellationToken cancellationToken)
    {
        if (topology.Store == LabStoreKind.Sqlite)
        {
            return await StoreLocation.Sqlite(paths.StoreFile).OpenAsync(cancellationToken);
        }

        string underlay = new UnderlayNetwork(paths.Lab, topology).Netns;
        if (!EtcdLocation.TryParse(LocationOnNodes(paths, topology), out EtcdLocation? location, out string? error))
        {
            throw new LabException(error);
        }

        return await EtcdStore.OpenAsync(
            new EtcdStoreOptions { Location = location, OpenSocket = () => OpenSocket(underlay) }, cancellationToken);
    }

    // A socket stays in the namespace that it was made in.
    private static Socket OpenSocket(string netns)
    {
        using NetworkNamespace network = NetworkNamespace.Open(netns);
        return network.Run(() => new Socket(SocketType.Stream, ProtocolType.Tcp));
    }
}
