using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Control.Node;
using Weft.Datapath.Pinning;
using Weft.Linux.Mounts;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Ipam;

/// <summary>A node's whole agent inside the test's process, so that a test reaches what no client does: the process runs in a network namespace.</summary>
internal static class RealNode
{
    private const string Inside = "WEFT_TEST_INSIDE_NODE";

    /// <summary>Runs the calling test once more, by another process in a new namespace, and there its body.</summary>
    public static async Task RunAsync(Type test, Func<NodeAgent, Task> body, [CallerMemberName] string method = "")
    {
        if (Environment.GetEnvironmentVariable(Inside) is not null)
        {
            await StartAsync(body);
            return;
        }

        using TestNamespace node = TestNamespace.Create("node");
        node.Exec("ip", "link", "add", "ens3", "type", "veth", "peer", "name", "wire");
        node.Exec("ip", "addr", "add", "192.168.77.1/24", "dev", "ens3");
        node.Exec("ip", "link", "set", "ens3", "up");
        string output = node.Exec(
            "env", $"{Inside}=1", Environment.ProcessPath!, "-noLogo", "-noColor", "-method", $"{test.FullName}.{method}");
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    private static async Task StartAsync(Func<NodeAgent, Task> body)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("weft-control-");
        string bpf = directory.CreateSubdirectory("bpf").FullName;
        MountTable.MountBpf(bpf);
        try
        {
            Assert.True(StoreLocation.TryParse($"sqlite://{directory.FullName}/store.db", out StoreLocation? store, out string? error), error);
            NodeSettings settings = new()
            {
                Name = NodeName.Parse("node1"),
                Cluster = ClusterName.Default,
                Address = IPAddress.Parse("192.168.77.1"),
                Device = "ens3",
                PodCidr = PodCidr.Parse("10.77.1.0/24"),
                TunnelPort = 8472,
                Store = store,
                StateDirectory = Path.Combine(directory.FullName, "state"),
                BpfRoot = new BpfRoot(Path.Combine(bpf, "weft")),
                DeferredDeletions = Path.Combine(directory.FullName, "deletions"),
                Health = false,
            };
            await using NodeAgent agent = await NodeAgent.StartAsync(
                settings, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
            await body(agent);
        }
        finally
        {
            MountTable.Unmount(bpf);
            directory.Delete(recursive: true);
        }
    }
}
