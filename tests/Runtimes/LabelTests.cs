using EndToEnd.Harness;
using Runtimes.Harness;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace Runtimes;

/// <summary>A pod of containerd has the labels of its sandbox, and with them the identity that they stand for anywhere.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class LabelTests(RuntimeLab shared)
{
    private static readonly Dictionary<string, string> s_cni = new() { ["app"] = "cni" };

    [RuntimeFact]
    public void Equal_labels_make_the_identity_of_the_labs_own_pods()
    {
        using CriPod pod = shared.Cri.Run(s_cni);

        EndpointView endpoint = Labels.Has(shared.Lab, Pods.EastNode, pod.Id, "k8s:app=cni");

        Assert.Equal(shared.Lab.Identity(Pods.East), endpoint.Identity);
        Assert.Equal($"default/{pod.Name}", endpoint.Pod);
    }

    [RuntimeFact]
    public void What_differs_from_pod_to_pod_makes_no_identity_and_a_namespace_cannot_be_forged()
    {
        using CriPod pod = shared.Cri.Run(new Dictionary<string, string>(s_cni)
        {
            ["pod-template-hash"] = "7d4b8c",
            ["statefulset.kubernetes.io/pod-name"] = "db-0",
            ["io.kubernetes.pod.namespace"] = "kube-system",
            ["io.kubernetes.anything"] = "else",
        });

        Assert.Equal(shared.Lab.Identity(Pods.East), Labels.Has(shared.Lab, Pods.EastNode, pod.Id, "k8s:app=cni").Identity);
    }

    [RuntimeFact]
    public void Labels_that_are_none_are_left_out_and_told()
    {
        using CriPod pod = shared.Cri.Run(new Dictionary<string, string>(s_cni)
        {
            ["reserved:host"] = "",
            ["line"] = "a\nb",
            ["semicolon"] = "a;k8s:app=admin",
            ["long"] = new string('x', 300),
        });

        Labels.Has(shared.Lab, Pods.EastNode, pod.Id, "k8s:app=cni");

        Assert.Contains($"labels left out", Eventually.Passes(() => LogOf(pod)), StringComparison.Ordinal);
    }

    [RuntimeFact]
    public void A_sandbox_with_too_many_labels_keeps_those_of_its_addition()
    {
        using CriPod pod = shared.Cri.Run(Enumerable.Range(0, 200).ToDictionary(number => $"label-{number}", _ => "x"));

        Assert.Contains("sandbox refused", Eventually.Passes(() => LogOf(pod)), StringComparison.Ordinal);

        Labels.Has(shared.Lab, Pods.EastNode, pod.Id);
    }

    /// <summary>Killed as soon as the pod runs, the agent may or may not have come to its labels.</summary>
    [RuntimeFact]
    public void An_agent_that_was_killed_gives_pods_their_labels_when_it_is_back()
    {
        using CriPod pod = shared.Cri.Run(new Dictionary<string, string> { ["app"] = "late" });
        Agents.Kill(shared.Lab, Pods.EastNode);

        shared.Lab.Up();

        Labels.Has(shared.Lab, Pods.EastNode, pod.Id, "k8s:app=late");
    }

    [RuntimeFact]
    public void A_silent_runtime_is_told_in_the_status_and_labels_come_when_it_is_back()
    {
        using ProcessHandle containerd = Daemons.Containerd(shared.Lab, Pods.EastNode);
        string sandbox = shared.Cri.RunSandbox(CriPods.Configuration(s_cni));
        Agents.Kill(shared.Lab, Pods.EastNode);
        containerd.Signal(ProcessSignal.SIGSTOP);
        try
        {
            shared.Lab.Up();
            Eventually.Passes(() => Assert.Contains("list pod sandboxes", shared.Lab.WeftUnchecked("--node", Pods.EastNode, "status", "--verbose").Output, StringComparison.Ordinal));
        }
        finally
        {
            containerd.Signal(ProcessSignal.SIGCONT);
        }

        Labels.Has(shared.Lab, Pods.EastNode, sandbox, "k8s:app=cni");
        shared.Cri.Remove(sandbox);
    }

    [RuntimeFact]
    public void A_container_of_podman_is_in_no_sandbox_and_keeps_what_its_addition_gave()
    {
        using PodmanContainer container = shared.Podman.Run("--label", "app=cni");

        EndpointView endpoint = EndpointView.Find(shared.Lab, Pods.WestNode, container.Id)!;

        Assert.Equal(["reserved:init"], endpoint.Labels);
    }

    private string LogOf(CriPod pod) => shared.Lab.Log(Pods.EastNode).Split('\n').Last(line => line.Contains($"pod=default/{pod.Name} why=", StringComparison.Ordinal));
}
