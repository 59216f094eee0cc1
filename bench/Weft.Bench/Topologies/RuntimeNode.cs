using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Weft.Cri;
using Weft.Cri.Wire;
using Weft.Datapath.Devices;
using Weft.Lab.Nodes;
using Weft.Lab.Runtimes;
using Weft.Lab.State;

namespace Weft.Bench.Topologies;

/// <summary>A lab of one node with containerd, whose pods get their network from Weft or from Debian's bridge and host-local.</summary>
internal sealed class RuntimeNode : IDisposable
{
    public const string Weft = "weft-cni";
    public const string Bridge = "bridge";

    private const string Node = "bpf1";

    private const string Topology =
        $$"""
        underlay: 192.168.2.0/24
        nodes:
          - { name: {{Node}}, address: 192.168.2.61, podCIDR: 10.0.0.0/22, runtime: containerd }

        """;

    /// <summary>Around a plugin: what its run took, as whoever starts it sees it. Bash's own start is not in it.</summary>
    private const string Clock =
        """
        #!/bin/bash
        begin=$EPOCHREALTIME
        /opt/cni/bin/${0##*/timed-}
        status=$?
        echo "$CNI_COMMAND $begin $EPOCHREALTIME" >>/run/weft/plugin-times
        exit $status

        """;

    private static readonly TimeSpan s_callLimit = TimeSpan.FromMinutes(2);

    private readonly string _weft;
    private readonly string _lab = $"benchrt{Environment.ProcessId}";
    private readonly CriRuntime _runtime;

    public RuntimeNode(string weft)
    {
        _weft = weft;
        string file = Path.GetTempFileName();
        File.WriteAllText(file, Topology);
        Run("lab", "up", "--lab", _lab, "-f", file);
        File.Delete(file);
        _runtime = new CriRuntime(Machine.OnHost(NodeRuntime.ContainerdSocket));
        foreach (string plugin in new[] { Weft, Bridge })
        {
            string script = Machine.OnHost($"/opt/cni/bin/timed-{plugin}");
            File.WriteAllText(script, Clock);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static DateTime Deadline => DateTime.UtcNow + s_callLimit;

    private NodeMachine Machine => new(new LabPaths(_lab), Node);

    private string Times => Machine.OnHost("/run/weft/plugin-times");

    /// <summary>Returns when the runtime has the network.</summary>
    /// <param name="timed">Whether runs of the plugin are to be in <see cref="TakeTimes"/>.</param>
    public void Use(string plugin, bool timed)
    {
        string name = $"{plugin}{(timed ? "-timed" : "")}";
        string ipam = plugin == Weft ? "" : """, "bridge": "cni0", "isGateway": true, "ipam": { "type": "host-local", "ranges": [[{ "subnet": "10.9.0.0/22" }]] }""";
        string file = Machine.OnHost("/etc/cni/net.d/05-weft.conflist");
        File.WriteAllText(
            $"{file}.new", $$"""{ "cniVersion": "1.0.0", "name": "{{name}}", "plugins": [ { "type": "{{(timed ? "timed-" : "")}}{{plugin}}"{{ipam}} } ] }""");
        File.Move($"{file}.new", file, overwrite: true);
        long began = Stopwatch.GetTimestamp();
        while (!_runtime.Calls.Status(new StatusRequest { Verbose = true }, deadline: Deadline).Info["cniconfig"].Contains($"\"Name\":\"{name}\"", StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(began) > s_callLimit)
            {
                throw new InvalidOperationException($"give containerd the network {name}: it does not take it");
            }
        }
    }

    /// <summary>Milliseconds of a call that makes a pod's sandbox, and its id.</summary>
    public (double Time, string Id) RunPod(string name)
    {
        PodSandboxConfig config = new()
        {
            Metadata = new PodSandboxMetadata { Name = name, Namespace = "default", Uid = name },
            Hostname = name,
            LogDirectory = $"/run/pod-logs/{name}",
            Linux = new LinuxPodSandboxConfig { CgroupParent = $"/kubepods/{name}" },
            Labels = { ["app"] = "bench" },
        };
        long began = Stopwatch.GetTimestamp();
        string id = _runtime.Calls.RunPodSandbox(new RunPodSandboxRequest { Config = config }, deadline: Deadline).PodSandboxId;
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, id);
    }

    /// <summary>Returns when the programs of so many pods have their links.</summary>
    public void AwaitLinks(int pods)
    {
        long began = Stopwatch.GetTimestamp();
        while (Run("lab", "exec", "--lab", _lab, Node, "--", "ls", "/sys/fs/bpf/weft/links").Split('\n').Count(IsPods) != pods)
        {
            if (Stopwatch.GetElapsedTime(began) > s_callLimit)
            {
                throw new InvalidOperationException($"wait for the links of {pods} pods: not all of them came within {s_callLimit.TotalSeconds} s");
            }
        }

        static bool IsPods(string pin) => pin.StartsWith(PodDevices.HostPrefix, StringComparison.Ordinal)
            && !pin.StartsWith($"{PodDevices.HostPrefix}_", StringComparison.Ordinal); // the health endpoint's
    }

    public void RemovePod(string id)
    {
        _runtime.Calls.StopPodSandbox(new StopPodSandboxRequest { PodSandboxId = id }, deadline: Deadline);
        _runtime.Calls.RemovePodSandbox(new RemovePodSandboxRequest { PodSandboxId = id }, deadline: Deadline);
    }

    /// <summary>Seconds until as many pods run, started some at a time; they are removed after.</summary>
    public double RunMany(int pods, int atOnce)
    {
        ConcurrentBag<string> ids = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = atOnce };
        long began = Stopwatch.GetTimestamp();
        Parallel.For(0, pods, options, number => ids.Add(RunPod(string.Create(CultureInfo.InvariantCulture, $"many-{number}")).Id));
        double time = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Parallel.ForEach(ids, options, RemovePod);
        return time;
    }

    /// <summary>Milliseconds of the timed plugin's runs since the last call, by verb.</summary>
    public ILookup<string, double> TakeTimes()
    {
        string[] lines = File.Exists(Times) ? File.ReadAllLines(Times) : [];
        File.Delete(Times);
        return lines.Select(line => line.Split(' ')).ToLookup(
            words => words[0], words => (double.Parse(words[2], CultureInfo.InvariantCulture) - double.Parse(words[1], CultureInfo.InvariantCulture)) * 1000);
    }

    public void Dispose()
    {
        _runtime.Dispose();
        Run("lab", "down", "--lab", _lab);
    }

    private string Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(_weft, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"run weft {string.Join(' ', arguments)}: exit code {process.ExitCode}: {error}");
        }

        return output.Result;
    }
}
