using EndToEnd.Harness;
using Weft.Cri;
using Weft.Lab.Nodes;
using Weft.Lab.Runtimes;

namespace Runtimes.Harness;

/// <summary>A lab whose east node has containerd and whose west node has podman, beside the lab's own pods.</summary>
public sealed class RuntimeLab : IDisposable
{
    /// <summary>The default one's, with runtimes.</summary>
    internal static readonly string Topology = Weft.Lab.Topology.LabTopology.DefaultText
        .Replace("    podCIDR6: fd00:10:0:1::/64", "    podCIDR6: fd00:10:0:1::/64\n    runtime: containerd", StringComparison.Ordinal)
        .Replace("    podCIDR6: fd00:10:0:0::/64", "    podCIDR6: fd00:10:0:0::/64\n    runtime: podman", StringComparison.Ordinal);

    private readonly CriRuntime? _runtime;

    public RuntimeLab()
    {
        // A fixture is made even where every test of it is skipped.
        if (RuntimeProbe.Missing is null)
        {
            Lab.Up(Topology);
            _runtime = new CriRuntime(East.OnHost(NodeRuntime.ContainerdSocket));
        }
    }

    internal RealLab Lab { get; } = new();

    internal NodeMachine East => new(Lab.Paths, Pods.EastNode);

    internal CriPods Cri => new(_runtime!, Lab);

    internal Podman Podman => new(Lab, Pods.WestNode);

    public void Dispose()
    {
        _runtime?.Dispose();
        Lab.Dispose();
    }
}
