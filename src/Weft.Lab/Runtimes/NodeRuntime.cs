using System.Diagnostics;
using Weft.Lab.Nodes;
using Weft.Lab.Programs;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux.Processes;

namespace Weft.Lab.Runtimes;

/// <summary>The container runtime of a node: its files, its images and, of containerd, its daemon.</summary>
public sealed class NodeRuntime
{
    /// <summary>Seen from the node.</summary>
    public const string ContainerdSocket = "/run/containerd/containerd.sock";

    private const string ContainerdFile = "/etc/containerd/config.toml";

    /// <summary>Of the images, on the node while they are imported.</summary>
    private const string Archive = "/run/weft/images.tar";

    /// <summary>Enough for a daemon that starts on an emulated kernel.</summary>
    private static readonly TimeSpan s_importLimit = TimeSpan.FromSeconds(120);

    private readonly LabPaths _paths;
    private readonly NodeSpec _node;
    private readonly NodeSandbox _sandbox;

    public NodeRuntime(LabPaths paths, NodeSpec node)
    {
        _paths = paths;
        _node = node;
        _sandbox = new NodeSandbox(paths, node.Name);
    }

    /// <summary>Writes what the runtime reads.</summary>
    /// <param name="agentPath">The CNI plugin is beside it.</param>
    public void Configure(string agentPath)
    {
        string plugin = Path.Combine(Path.GetDirectoryName(agentPath)!, "weft-cni");
        foreach (string program in _node.Runtime == RuntimeKind.Containerd ? new[] { "containerd", "ctr", "runc", plugin } : ["podman", "conmon", plugin])
        {
            Find(program);
        }

        NodeNetwork.Install(_sandbox.Machine, plugin);
        IReadOnlyDictionary<string, string> files = _node.Runtime == RuntimeKind.Containerd
            ? new Dictionary<string, string> { [ContainerdFile] = RuntimeFiles.Containerd }
            : RuntimeFiles.Podman;
        foreach ((string path, string text) in files)
        {
            string file = _sandbox.Machine.OnHost(path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    /// <summary>Starts the daemon, if the runtime has one. It serves a little later.</summary>
    public ProcessHandle? Start()
    {
        if (_node.Runtime != RuntimeKind.Containerd)
        {
            return null;
        }

        ProgramStart start = _sandbox.Enter(new ProgramStart(Find("containerd"), ["--config", ContainerdFile]));
        return _sandbox.Run(() => ProcessSpawner.SpawnDaemon(start, NodeSandbox.ContainerdLog));
    }

    /// <summary>Gives the runtime the images; waits for a daemon that starts.</summary>
    public async Task ImportImagesAsync(CancellationToken cancellationToken)
    {
        string archive = _sandbox.Machine.OnHost(Archive);
        ContainerImages.Write(archive);
        if (_node.Runtime == RuntimeKind.Containerd)
        {
            // CRI has its containers in the one, ctr in the other.
            foreach (string inside in new[] { "k8s.io", "default" })
            {
                await RunAsync(["ctr", "--connect-timeout", "100s", "--namespace", inside, "images", "import", Archive], cancellationToken);
            }
        }
        else
        {
            await RunAsync(["podman", "load", "--quiet", "--input", Archive], cancellationToken);
        }

        File.Delete(archive);
    }

    private async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(s_importLimit);
        using Process process = LabMember.OfNode(_paths, _node.Name).Start(command);
        Task<string> output = process.StandardOutput.ReadToEndAsync(stop.Token);
        string error = await process.StandardError.ReadToEndAsync(stop.Token);
        await output;
        await process.WaitForExitAsync(stop.Token);
        if (process.ExitCode != 0)
        {
            throw new LabException($"import images on node {_node.Name}: {command[0]} failed: {error.Trim()}{Log()}");
        }
    }

    private string Log() => _node.Runtime == RuntimeKind.Containerd ? $" (the log of containerd: {_paths.ContainerdLog(_node.Name)})" : "";

    private string Find(string program) => ProgramFinder.Find(program) ?? throw new LabException(
        $"set up {_node.Runtime.ToString().ToLowerInvariant()} on node {_node.Name}: no program '{program}' "
            + "(Debian has containerd, runc, podman, conmon and crun in packages of these names, and plugins in containernetworking-plugins; "
            + "'./run build' makes weft-cni)");
}
