using System.Globalization;

namespace Weft.Lab.Runtimes;

/// <summary>Configurations of container runtimes for a node of a lab: defaults, but for what a lab has to decide.</summary>
internal static class RuntimeFiles
{
    /// <summary>
    /// Without AppArmor, whose profiles belong to the machine and not to a node, and without changes of OOM scores that a container around
    /// the lab may forbid. All plugins are in one directory, as CRI looks in one only.
    /// </summary>
    public const string Containerd =
        $"""
        version = 2
        root = "/var/lib/containerd"
        state = "/run/containerd"
        disabled_plugins = [
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
        ]

        [grpc]
          address = "{NodeRuntime.ContainerdSocket}"

        [plugins."io.containerd.internal.v1.opt"]
          path = "/var/lib/containerd/opt"

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "{ContainerImages.Pause}"
          disable_apparmor = true
          restrict_oom_score_adj = true

          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "{NodeNetwork.Plugins}"
            conf_dir = "{NodeNetwork.Configurations}"

        """;

    /// <summary>
    /// By path. Networks by CNI, and neither systemd nor a journal, which a node does not have; runc, as crun refuses machines with
    /// cgroups of both versions.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Podman => new Dictionary<string, string>
    {
        ["/etc/containers/containers.conf"] =
            $"""
            [containers]
            apparmor_profile = "unconfined"
            log_driver = "k8s-file"
            default_ulimits = [{Limits()}]

            [network]
            network_backend = "cni"
            cni_plugin_dirs = ["{NodeNetwork.Plugins}"]
            network_config_dir = "{NodeNetwork.Configurations}"
            default_network = "{NodeNetwork.Name}"

            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "runc"

            """,
        ["/etc/containers/storage.conf"] =
            """
            [storage]
            driver = "overlay"
            runroot = "/run/containers/storage"
            graphroot = "/var/lib/containers/storage"

            """,
    };

    /// <summary>
    /// Limits that need no right to raise any: those of this process, and no more processes than there are pids, which is what podman
    /// lowers its own limit to.
    /// </summary>
    private static string Limits()
    {
        string[] limits = File.ReadAllLines("/proc/self/limits");
        long pids = long.Parse(File.ReadAllText("/proc/sys/kernel/pid_max"), CultureInfo.InvariantCulture);
        long files = HardLimit(limits, "Max open files");
        long processes = Math.Min(pids, HardLimit(limits, "Max processes"));
        return string.Create(CultureInfo.InvariantCulture, $"\"nofile={files}:{files}\", \"nproc={processes}:{processes}\"");
    }

    private static long HardLimit(string[] limits, string name)
    {
        // Name, soft limit, hard limit, unit.
        string line = limits.First(line => line.StartsWith(name, StringComparison.Ordinal));
        string hard = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.TryParse(hard, CultureInfo.InvariantCulture, out long number) ? number : int.MaxValue;
    }
}
