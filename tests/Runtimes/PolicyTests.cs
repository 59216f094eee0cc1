using EndToEnd.Harness;
using Runtimes.Harness;
using Weft.Tests.Shared;

namespace Runtimes;

/// <summary>Policies hold for pods of container runtimes as for the lab's own: by the labels that the runtime has for them.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class PolicyTests(RuntimeLab shared) : IDisposable
{
    private const string Closed = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: runtime-closed }
        spec:
          podSelector: { matchLabels: { app: runtime-closed } }
          ingress:
          - from: [{ podSelector: { matchLabels: { app: runtime-friend } } }]
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [RuntimeFact]
    public void A_pod_is_closed_by_its_labels_to_all_but_those_whose_labels_are_named()
    {
        using CriPod closed = shared.Cri.Run(new Dictionary<string, string> { ["app"] = "runtime-closed" });
        using CriPod friend = shared.Cri.Run(new Dictionary<string, string> { ["app"] = "runtime-friend" });
        using PodmanContainer other = shared.Podman.Run();
        Labels.Has(shared.Lab, Pods.EastNode, closed.Id, "k8s:app=runtime-closed");
        Labels.Has(shared.Lab, Pods.EastNode, friend.Id, "k8s:app=runtime-friend");
        other.Ping(closed.Addresses[0]);
        File.WriteAllText(_file, Closed);
        shared.Lab.Weft("--node", Pods.WestNode, "policy", "apply", "-f", _file);
        try
        {
            foreach (string address in closed.Addresses)
            {
                Eventually.Passes(() => Assert.NotEqual(0, other.RunUnchecked("ping", "-c", "1", "-W", "1", address).ExitCode));
                friend.Ping(address);
                Assert.NotEqual(0, shared.Lab.ExecUnchecked(Pods.East, "ping", "-c", "1", "-W", "1", address).ExitCode);
            }
        }
        finally
        {
            shared.Lab.Weft("--node", Pods.WestNode, "policy", "delete", "-f", _file);
        }

        Eventually.Passes(() => other.Ping(closed.Addresses[0]));
    }
}
