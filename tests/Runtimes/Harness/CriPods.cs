using System.Globalization;
using EndToEnd.Harness;
using Grpc.Core;
using Weft.Cri;
using Weft.Cri.Wire;
using Weft.Lab.Runtimes;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>Pods of a node's containerd, made by the calls that a kubelet makes.</summary>
internal sealed class CriPods(CriRuntime runtime, RealLab lab)
{
    private static int s_counter;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    public RuntimeService.RuntimeServiceClient Calls => runtime.Calls;

    public static DateTime Deadline => DateTime.UtcNow + s_deadline;

    public RealLab Lab => lab;

    /// <summary>A sandbox and a container that sleeps or does what it is told.</summary>
    public CriPod Run(IReadOnlyDictionary<string, string>? labels = null, Action<PodSandboxConfig>? change = null, params string[] command)
    {
        PodSandboxConfig config = Configuration(labels);
        change?.Invoke(config);
        string sandbox = RunSandbox(config);
        CreateContainerResponse container = Calls.CreateContainer(
            new CreateContainerRequest { PodSandboxId = sandbox, SandboxConfig = config, Config = ContainerOf(command) }, deadline: Deadline);
        Calls.StartContainer(new StartContainerRequest { ContainerId = container.ContainerId }, deadline: Deadline);
        return new CriPod(this, config.Metadata.Name, sandbox, container.ContainerId);
    }

    /// <summary>Retried while the runtime starts.</summary>
    public string RunSandbox(PodSandboxConfig config) => Eventually.Passes(
        () =>
        {
            Assert.Contains(Calls.Status(new StatusRequest(), deadline: Deadline).Status.Conditions, condition => condition is { Type: "NetworkReady", Status: true });
            return Calls;
        },
        s_deadline).RunPodSandbox(new RunPodSandboxRequest { Config = config }, deadline: Deadline).PodSandboxId;

    public static PodSandboxConfig Configuration(IReadOnlyDictionary<string, string>? labels = null)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"pod-{Interlocked.Increment(ref s_counter)}");
        string uid = Guid.NewGuid().ToString();
        PodSandboxConfig config = new()
        {
            Metadata = new PodSandboxMetadata { Name = name, Namespace = "default", Uid = uid },
            Hostname = name,
            LogDirectory = $"/run/pod-logs/{uid}",
            Linux = new LinuxPodSandboxConfig { CgroupParent = $"/kubepods/pod{uid}" },
            Labels = { ["io.kubernetes.pod.name"] = name, ["io.kubernetes.pod.namespace"] = "default", ["io.kubernetes.pod.uid"] = uid },
        };
        foreach ((string key, string value) in labels ?? new Dictionary<string, string>())
        {
            config.Labels[key] = value;
        }

        return config;
    }

    /// <summary>Until it succeeds, as a kubelet does.</summary>
    public void Stop(string sandbox) => Eventually.Passes(
        () => Calls.StopPodSandbox(new StopPodSandboxRequest { PodSandboxId = sandbox }, deadline: Deadline), s_deadline);

    public void Remove(string sandbox)
    {
        Stop(sandbox);
        Eventually.Passes(() => Calls.RemovePodSandbox(new RemovePodSandboxRequest { PodSandboxId = sandbox }, deadline: Deadline), s_deadline);
    }

    public PodSandboxStatusResponse? Find(string sandbox)
    {
        try
        {
            return Calls.PodSandboxStatus(new PodSandboxStatusRequest { PodSandboxId = sandbox, Verbose = true }, deadline: Deadline);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static ContainerConfig ContainerOf(string[] command) => new()
    {
        Metadata = new ContainerMetadata { Name = "main" },
        Image = new ImageSpec { Image = ContainerImages.Busybox },
        Command = { command.Length > 0 ? command : ["sleep", "2147483647"] },
        LogPath = "main.log",
        Linux = new LinuxContainerConfig { SecurityContext = new LinuxContainerSecurityContext() },
    };
}
