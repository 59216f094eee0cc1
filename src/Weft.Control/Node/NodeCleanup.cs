using System.Runtime.CompilerServices;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Control.Nodes;
using Weft.Control.State;
using Weft.Datapath.Devices;
using Weft.Datapath.Pinning;
using Weft.Netlink;
using Weft.Store;

namespace Weft.Control.Node;

/// <summary>Removes everything that an agent made on this node and said of it in the store. Pods lose their network.</summary>
public static class NodeCleanup
{
    /// <returns>A line for each thing that was removed, or that could not be.</returns>
    public static async IAsyncEnumerable<string> RunAsync(
        string stateDirectory, BpfRoot root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StateDirectory state = new(stateDirectory);
        NodeState? node = TryReadNode(state);
        foreach (string line in RemoveFromKernel(root, node?.Device))
        {
            yield return line;
        }

        if (node is not null)
        {
            yield return await RemoveFromStoreAsync(node, cancellationToken).ConfigureAwait(false);
        }

        state.Clear();
        yield return $"removed state in {stateDirectory}";
    }

    /// <summary>Devices, attachments and maps; nothing of them needs to be there.</summary>
    public static IEnumerable<string> RemoveFromKernel(BpfRoot root, string? underlayDevice)
    {
        using RtNetlink netlink = RtNetlink.Open();
        foreach (string device in new PodDevices(netlink).RemoveAllBut(new HashSet<string>()))
        {
            yield return $"removed device {device}";
        }

        foreach (string line in RemoveLinks(netlink, root, underlayDevice))
        {
            yield return line;
        }

        if (OverlayDevice.Remove(netlink))
        {
            yield return $"removed device {OverlayDevice.Name}";
        }

        if (HostDevices.Remove(netlink))
        {
            yield return $"removed devices {HostDevices.Host} and {HostDevices.Net} with their routes";
        }

        int maps = 0;
        foreach (string path in FilesIn(root.Maps))
        {
            maps += BpfMap.Unpin(path) ? 1 : 0;
        }

        foreach (string directory in (string[])[root.Maps, root.Links, root.Path])
        {
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }
        }

        if (maps > 0)
        {
            yield return $"removed {maps} pinned maps in {root.Maps}";
        }
    }

    private static IEnumerable<string> RemoveLinks(RtNetlink netlink, BpfRoot root, string? underlayDevice)
    {
        foreach (string path in FilesIn(root.Links))
        {
            BpfLink.Unpin(path);
            yield return $"removed link {Path.GetFileName(path)}";
        }

        // Without TCX the filters belong to the device, which stays.
        if (underlayDevice is not null && netlink.Links.Find(underlayDevice) is { } underlay)
        {
            foreach (TcDirection direction in Enum.GetValues<TcDirection>())
            {
                if (ClsactFilter.Detach(underlay.Index, direction))
                {
                    yield return $"removed filter of {underlayDevice} {direction}";
                }
            }
        }
    }

    private static async Task<string> RemoveFromStoreAsync(NodeState node, CancellationToken cancellationToken)
    {
        try
        {
            if (!StoreLocation.TryParse(node.Store, out StoreLocation? location, out string? error))
            {
                return $"node {node.Node} stays in the store: {error}";
            }

            IStore store = await location.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                await NodeRegistration.RemoveAsync(store, node.Cluster, node.Node, cancellationToken).ConfigureAwait(false);
            }

            return $"removed node {node.Node} from store {location}";
        }
        catch (StoreException error)
        {
            return $"node {node.Node} stays in the store: {error.Message}";
        }
    }

    private static NodeState? TryReadNode(StateDirectory state)
    {
        try
        {
            return state.ReadNode();
        }
        catch (StateFileException)
        {
            return null;
        }
    }

    private static IEnumerable<string> FilesIn(string directory) => Directory.Exists(directory) ? Directory.EnumerateFiles(directory) : [];
}
