using Weft.Lab.Nodes;
using Weft.Lab.Pods;
using Weft.Lab.State;
using Weft.Lab.Topology;

namespace Weft.Lab.Tests;

/// <summary>A lab of two connected nodes and one pod, without agents: what namespaces and mounts alone make of it.</summary>
internal sealed class BareLab : IDisposable
{
    private const string Text =
        """
        underlay: 192.168.2.0/24
        mtu: 1400
        nodes:
          - { name: east, address: 192.168.2.1, podCIDR: 10.0.1.0/24 }
          - { name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }
        pods:
          - { name: web, node: east }
        """;

    private static int s_counter;

    public BareLab()
    {
        Name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref s_counter)}";
        Directory = new LabDirectory(Name);
        System.IO.Directory.CreateDirectory(Directory.Paths.Root);
        Directory.WriteTopology(Text);
        Directory.WriteState(LabState.Nothing with { Nodes = ["east", "west"], Pods = ["web"] });
    }

    public string Name { get; }

    public LabDirectory Directory { get; }

    public LabPaths Paths => Directory.Paths;

    public LabTopology Topology => Directory.ReadTopology()!;

    public BareLab Build()
    {
        new NodeSandbox(Paths, "east").Create();
        new NodeSandbox(Paths, "west").Create();
        new UnderlayNetwork(Name, Topology).Create();
        new PodSandbox(Name, "web").Create();
        return this;
    }

    /// <summary>Everything on this machine that carries the lab's name.</summary>
    public IReadOnlyList<string> Traces() =>
    [
        .. System.IO.Directory.EnumerateFileSystemEntries("/run/netns").Where(path => path.Contains(LabNames.NetnsPrefixOf(Name), StringComparison.Ordinal)),
        .. Weft.Linux.Mounts.MountTable.Below(Paths.Root),
        .. System.IO.Directory.Exists(Paths.Root) ? [Paths.Root] : Array.Empty<string>(),
    ];

    public void Dispose() => new LabRemover(Name).Remove();
}
