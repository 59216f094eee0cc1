using EndToEnd.Harness;
using Runtimes.Harness;
using Weft.Cri.Wire;
using Weft.Tests.Shared;

namespace Runtimes;

/// <summary>The reference plugins after Weft's in the list: ports of the node, and limits of bandwidth.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class ChainTests(RuntimeLab shared)
{
    private const int HostPort = 18080;

    private static readonly string[] s_echo = ["nc", "-ll", "-p", "80", "-e", "cat"];

    [RuntimeFact]
    public void A_port_that_a_pod_asks_for_leads_to_it_from_other_nodes_and_from_outside()
    {
        using CriPod pod = shared.Cri.Run(
            null, config => config.PortMappings.Add(new PortMapping { ContainerPort = 80, HostPort = HostPort }), s_echo);
        string node = shared.Lab.Addresses(Pods.EastNode)[0];

        foreach (string member in new[] { Pods.Outside, Pods.WestNode, Pods.EastNode })
        {
            Assert.Equal("hello\n", Eventually.Passes(() => shared.Lab.Exec(member, "sh", "-c", $"echo hello | nc.openbsd -N -w 5 {node} {HostPort}")));
        }

        pod.Dispose();
        Assert.NotEqual(0, shared.Lab.ExecUnchecked(Pods.Outside, "sh", "-c", $"echo hello | nc.openbsd -N -w 1 {node} {HostPort}").ExitCode);
    }

    [RuntimeFact]
    public void Podman_publishes_a_port()
    {
        using PodmanContainer container = shared.Podman.Run("--publish", $"{HostPort}:80");
        container.Run("sh", "-c", "nc -ll -p 80 -e cat >/dev/null 2>&1 &");
        string node = shared.Lab.Addresses(Pods.WestNode)[0];

        Assert.Equal("hello\n", Eventually.Passes(() => shared.Lab.Exec(Pods.Outside, "sh", "-c", $"echo hello | nc.openbsd -N -w 5 {node} {HostPort}")));
    }

    [RuntimeFact]
    public void A_limit_that_a_pod_asks_for_is_on_its_device()
    {
        string configuration = Directory.GetFiles(shared.East.OnHost("/etc/cni/net.d")).Single();
        string before = File.ReadAllText(configuration);
        AtomicText.Replace(configuration, before.Replace("\"type\": \"portmap\", \"capabilities\": { \"portMappings\": true }", "\"type\": \"bandwidth\", \"capabilities\": { \"bandwidth\": true }", StringComparison.Ordinal));
        try
        {
            using CriPod pod = shared.Cri.Run(null, config => config.Annotations["kubernetes.io/ingress-bandwidth"] = "10M");

            string shaping = shared.Lab.Exec(Pods.EastNode, "tc", "qdisc", "show");

            Assert.Contains("rate 10Mbit", shaping, StringComparison.Ordinal);
            pod.Ping($"{Pods.WestAddress}");
        }
        finally
        {
            AtomicText.Replace(configuration, before);
        }
    }
}
