using System.Diagnostics;
using Weft.Lab.Nodes;
using Weft.Lab.Pods;
using Weft.Lab.Programs;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux.Cgroups;

namespace Weft.Lab.Tests;

/// <summary>A lab of two connected nodes and one pod, without agents: what namespaces and mounts alone make of it.</summary>
internal sealed class BareLab : IDisposable
{
    /// <summary>IPv4 only, with nothing outside.</summary>
    public const string Simple =
        """
        underlay: 192.168.2.0/24
        mtu: 1400
        nodes:
          - { name: east, address: 192.168.2.1, podCIDR: 10.0.1.0/24 }
          - { name: west, address: 192.168.2.2, podCIDR: 10.0.2.0/24 }
        pods:
          - { name: web, node: east }
        """;

    /// <summary>Both families, and a host outside.</summary>
    public const string Whole =
        """
        underlay: 192.168.2.0/24
        underlay6: fd00:2::/64
        mtu: 1400
        nodes:
          - { name: east, address: 192.168.2.11, address6: "fd00:2::11", podCIDR: 10.0.1.0/24, podCIDR6: "fd00:10:1::/64" }
          - { name: west, address: 192.168.2.12, address6: "fd00:2::12", podCIDR: 10.0.2.0/24, podCIDR6: "fd00:10:2::/64" }
        pods:
          - { name: web, node: east }
        outside:
          - { name: client, address: 203.0.113.10/24, address6: "2001:db8:113::10/64" }
        """;

    private static int s_counter;

    public BareLab(string text = Simple)
    {
        Name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref s_counter)}";
        Directory = new LabDirectory(Name);
        System.IO.Directory.CreateDirectory(Directory.Paths.Root);
        Directory.WriteTopology(text);
        Directory.WriteState(LabState.Nothing with { Nodes = ["east", "west"], Pods = ["web"], Outside = [.. Topology.Outside.Select(host => host.Name)] });
    }

    public string Name { get; }

    public LabDirectory Directory { get; }

    public LabPaths Paths => Directory.Paths;

    public LabTopology Topology => Directory.ReadTopology()!;

    /// <param name="machine">Whether the east node is made for container runtimes.</param>
    public BareLab Build(bool machine = false)
    {
        new NodeSandbox(Paths, "east").Create(machine);
        new NodeSandbox(Paths, "west").Create();
        new UnderlayNetwork(Name, Topology).Create();
        new PodSandbox(Name, "web").Create(Topology.Nodes[0].HasIPv6);
        return this;
    }

    /// <summary>Output of a program in a member, and its pid, once it has ended.</summary>
    /// <remarks>Waited for: a removal that met it while it ends would take its exit code away from .NET, which aborts at that.</remarks>
    public (string Text, int Pid) Output(string member, params string[] command)
    {
        using Process process = LabMember.Find(Name, member).Start(command);
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (text, process.Id);
    }

    /// <summary>Everything on this machine that carries the lab's name.</summary>
    public IReadOnlyList<string> Traces() =>
    [
        .. System.IO.Directory.EnumerateFileSystemEntries("/run/netns").Where(path => path.Contains(LabNames.NetnsPrefixOf(Name), StringComparison.Ordinal)),
        .. Weft.Linux.Mounts.MountTable.Below(Paths.Root),
        .. new[] { Paths.Root, CgroupOf("") }.Where(System.IO.Directory.Exists),
    ];

    /// <summary>Where a machine's cgroup would be; of no machine, the lab's.</summary>
    public string CgroupOf(string machine) => Path.Combine(ControlGroup.FindRoot()?.Path ?? "/none", LabCgroups.Labs, Name, machine);

    public void Dispose() => new LabRemover(Name).Remove();
}
