using Weft.Bpf;
using Weft.Datapath.Maps;

namespace Weft.Datapath.Loading;

/// <summary>The programs and maps of this node, in the kernel and ready to be attached.</summary>
/// <remarks>Disposing closes descriptors; what is pinned or attached lives on.</remarks>
public sealed class LoadedDatapath : IDisposable
{
    private readonly IReadOnlyList<BpfObject> _objects;

    internal LoadedDatapath(IReadOnlyList<BpfObject> objects, DatapathMaps maps)
    {
        _objects = objects;
        Maps = maps;
    }

    public DatapathMaps Maps { get; }

    /// <summary>Ingress of a pod's lxc device.</summary>
    public BpfProgram FromPod => Program("weft_from_pod");

    /// <summary>Ingress of the overlay device.</summary>
    public BpfProgram FromOverlay => Program("weft_from_overlay");

    /// <summary>Egress of the overlay device.</summary>
    public BpfProgram ToOverlay => Program("weft_to_overlay");

    /// <summary>Ingress of the underlay's device.</summary>
    public BpfProgram FromNetdev => Program("weft_from_netdev");

    /// <summary>Egress of the underlay's device.</summary>
    public BpfProgram ToNetdev => Program("weft_to_netdev");

    /// <summary>Ingress of the datapath's end of the host devices: what the node sends to pods.</summary>
    public BpfProgram FromHost => Program("weft_from_host");

    /// <summary>Of the sockets of pods and of the node's processes.</summary>
    /// <param name="call">As in the program's name: <c>connect4</c>.</param>
    public BpfProgram Socket(string call) => Program($"weft_sock_{call}");

    public void Dispose()
    {
        Maps.Dispose();
        foreach (BpfObject loaded in _objects)
        {
            loaded.Dispose();
        }
    }

    private BpfProgram Program(string name) =>
        _objects.Select(loaded => loaded.Programs.GetValueOrDefault(name)).FirstOrDefault(program => program is not null)
        ?? throw new InvalidOperationException($"no object of the datapath has a program {name}");
}
