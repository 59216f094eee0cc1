using EndToEnd.Harness;
using Runtimes.Harness;
using Weft.Cri.Wire;
using Weft.Linux;
using Weft.Linux.Processes;
using Weft.Netlink;
using Weft.Tests.Shared;

namespace Runtimes;

/// <summary>Whatever ends a pod, its endpoint, addresses and devices end too; whatever else ends, pods that run keep their network.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class LifeTests(RuntimeLab shared)
{
    private RealLab Lab => shared.Lab;

    /// <summary>A runtime sends a DEL for each: the first with a namespace, the others with an empty one.</summary>
    [RuntimeFact]
    public void A_sandbox_that_is_stopped_several_times_and_removed_leaves_nothing()
    {
        IReadOnlyList<string> before = TracesOn(Pods.EastNode);
        string sandbox = shared.Cri.RunSandbox(CriPods.Configuration());
        Assert.NotNull(EndpointView.Find(Lab, Pods.EastNode, sandbox));
        Assert.NotEqual(before, TracesOn(Pods.EastNode));

        for (int time = 0; time < 3; time++)
        {
            shared.Cri.Calls.StopPodSandbox(new StopPodSandboxRequest { PodSandboxId = sandbox }, deadline: CriPods.Deadline);
            Assert.Null(EndpointView.Find(Lab, Pods.EastNode, sandbox));
        }

        shared.Cri.Calls.RemovePodSandbox(new RemovePodSandboxRequest { PodSandboxId = sandbox }, deadline: CriPods.Deadline);

        Assert.Equal(before, TracesOn(Pods.EastNode));
    }

    [RuntimeFact]
    public void A_sandbox_whose_process_was_killed_keeps_its_network_until_it_is_stopped()
    {
        IReadOnlyList<string> before = TracesOn(Pods.EastNode);
        CriPod pod = shared.Cri.Run();
        string address = pod.Addresses[0];
        int pid = pod.Pid;

        Tool.Run("kill", "-KILL", $"{pid}");
        Eventually.Passes(() => Assert.Equal(PodSandboxState.SandboxNotready, shared.Cri.Find(pod.Id)!.Status.State));
        Assert.Equal(address, EndpointView.Find(Lab, Pods.EastNode, pod.Id)!.Addresses[0]);
        pod.Dispose();

        Assert.Equal(before, TracesOn(Pods.EastNode));
    }

    [RuntimeFact]
    public void A_container_of_podman_whose_process_was_killed_leaves_nothing()
    {
        IReadOnlyList<string> before = TracesOn(Pods.WestNode);
        using PodmanContainer container = shared.Podman.Run();
        Assert.NotEqual(before, TracesOn(Pods.WestNode));

        Tool.Run("kill", "-KILL", $"{container.Pid}");

        Eventually.Passes(() => Assert.Equal(before, TracesOn(Pods.WestNode)));
    }

    /// <summary>'ctr run -d' sends no DEL at all: the devices die with the namespace, and the agent notices.</summary>
    [RuntimeFact]
    public void A_container_that_ends_without_a_word_leaves_nothing()
    {
        IReadOnlyList<string> before = TracesOn(Pods.EastNode);
        Lab.Exec(Pods.EastNode, "ctr", "run", "--detach", "--cni", "localhost/busybox:1", "silent", "sleep", "1000");
        string pid = Lab.Exec(Pods.EastNode, "ctr", "tasks", "list").Split('\n').First(line => line.StartsWith("silent ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.NotEqual(before, TracesOn(Pods.EastNode));

        Tool.Run("kill", "-KILL", pid);

        Eventually.Passes(() => Assert.Equal(before, TracesOn(Pods.EastNode)));
        Eventually.Passes(() => Lab.Exec(Pods.EastNode, "ctr", "tasks", "delete", "silent"));
        Lab.Exec(Pods.EastNode, "ctr", "containers", "delete", "silent");
    }

    [RuntimeFact]
    public void Pods_run_on_while_containerd_is_killed_and_started_and_can_be_removed_after()
    {
        IReadOnlyList<string> before = TracesOn(Pods.EastNode);
        CriPod old = shared.Cri.Run();
        int pid = old.Pid;
        string address = old.Addresses[0];
        using (ProcessHandle containerd = Daemons.Containerd(Lab, Pods.EastNode))
        {
            containerd.Signal(ProcessSignal.SIGKILL);
            Assert.True(containerd.WaitForExit(Eventually.DefaultDeadline));
        }

        Lab.Exec(Pods.West, "ping", "-c", "1", "-W", "5", address);
        Lab.Up();

        using (CriPod young = shared.Cri.Run())
        {
            young.Ping(address);
        }

        Assert.Equal(pid, old.Pid);
        old.Ping($"{Pods.WestAddress}");
        old.Dispose();
        Assert.Equal(before, TracesOn(Pods.EastNode));
    }

    [RuntimeFact]
    public void Pods_run_on_while_the_agent_is_down_and_one_that_ends_meanwhile_leaves_nothing()
    {
        IReadOnlyList<string> before = TracesOn(Pods.EastNode);
        using CriPod stays = shared.Cri.Run();
        CriPod ends = shared.Cri.Run();
        string address = stays.Addresses[0];
        IReadOnlyList<string> both = TracesOn(Pods.EastNode);
        Agents.Kill(Lab, Pods.EastNode);

        Lab.Exec(Pods.West, "ping", "-c", "1", "-W", "5", address);
        Stop(ends);
        Lab.Up();
        ends.Dispose();

        Lab.Exec(Pods.West, "ping", "-c", "1", "-W", "5", address);
        stays.Ping($"{Pods.WestAddress}");
        Assert.True(TracesOn(Pods.EastNode).Count < both.Count);
        stays.Dispose();
        Assert.Equal(before, TracesOn(Pods.EastNode));

        // Refused or remembered, as the plugin has it: the runtime asks again.
        void Stop(CriPod pod)
        {
            try
            {
                shared.Cri.Calls.StopPodSandbox(new StopPodSandboxRequest { PodSandboxId = pod.Id }, deadline: CriPods.Deadline);
            }
            catch (Grpc.Core.RpcException error)
            {
                Assert.Contains("agent does not answer", error.Status.Detail, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Endpoints, devices of pods and names of namespaces on a node.</summary>
    private IReadOnlyList<string> TracesOn(string node) =>
    [
        .. EndpointView.List(Lab, node).Select(endpoint => $"endpoint {endpoint.ContainerId}").Order(StringComparer.Ordinal),
        .. Lab.Member(node).Run(DevicesHere).Select(device => $"device {device}").Order(StringComparer.Ordinal),
        .. Lab.Member(node).Run(() => Directory.GetFiles(NetworkNamespace.Directory)).Select(path => $"namespace {path}").Order(StringComparer.Ordinal),
        .. Lab.Weft("--node", node, "bpf", "endpoint", "list", "-o", "json").Split('\n').Where(line => line.Contains("\"address\"", StringComparison.Ordinal)),
    ];

    private static string[] DevicesHere()
    {
        using RtNetlink netlink = RtNetlink.Open();
        return [.. netlink.Links.List().Select(link => link.Name)];
    }
}
