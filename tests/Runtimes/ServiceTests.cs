using EndToEnd.Harness;
using Runtimes.Harness;

namespace Runtimes;

/// <summary>Services hold for pods of container runtimes as for the lab's own: as clients, translated at the socket, and as backends.</summary>
[Collection(SharedRuntimeLab.Name)]
public sealed class ServiceTests(RuntimeLab shared)
{
    [RuntimeFact]
    public void A_service_of_pods_of_both_runtimes_is_called_by_pods_of_both_and_from_outside()
    {
        string target = $"{ServicePorts.Target}";
        using CriPod east = shared.Cri.Run(null, null, "sh", "-c", $"mkdir /www; echo east >/www/index.html; exec httpd -f -p {target} -h /www");
        using PodmanContainer west = shared.Podman.Run();
        west.Run("sh", "-c", $"mkdir /www; echo west >/www/index.html; httpd -p {target} -h /www");
        ServiceManifest web = new(
            "runtime-web", "10.96.0.20", "fd96::20",
            [.. east.Addresses.Select(address => $"{address}@{Pods.EastNode}"), .. west.Addresses.Select(address => $"{address}@{Pods.WestNode}")])
        {
            NodePort = 30090,
        };
        shared.Lab.Apply(web);

        foreach (string address in new[] { web.ClusterIP, $"[{web.ClusterIP6}]" })
        {
            Assert.Equal(["east", "west"], AnswersTo(() => east.Run("wget", "-qO-", $"http://{address}/")));
            Assert.Equal(["east", "west"], AnswersTo(() => west.Run("wget", "-qO-", $"http://{address}/")));
            Assert.Equal(["east", "west"], AnswersTo(() => shared.Lab.Exec(Pods.East, "busybox", "wget", "-qO-", $"http://{address}/")));
        }

        string node = shared.Lab.Addresses(Pods.WestNode)[0];
        Assert.Equal(["east", "west"], AnswersTo(() => shared.Lab.Exec(Pods.Outside, "busybox", "wget", "-qO-", $"http://{node}:{web.NodePort}/")));
    }

    /// <summary>Backends are chosen at random: forty calls miss one of two once in 10^12 runs.</summary>
    private static string[] AnswersTo(Func<string> call)
    {
        HashSet<string> answers = [];
        for (int number = 0; number < 40 && answers.Count < 2; number++)
        {
            answers.Add(call().Trim());
        }

        return [.. answers.Order()];
    }
}
