using System.Globalization;
using EndToEnd.Harness;
using Weft.Lab.Runtimes;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>Containers of a node's podman.</summary>
internal sealed class Podman(RealLab lab, string node)
{
    private static int s_counter;

    public RealLab Lab => lab;

    /// <summary>One that sleeps.</summary>
    public PodmanContainer Run(params string[] options)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"box-{Interlocked.Increment(ref s_counter)}");
        string id = Call(["run", "--detach", "--name", name, "--cap-add", "net_raw", .. options, ContainerImages.Busybox, "sleep", "2147483647"]).Trim();
        return new PodmanContainer(this, name, id);
    }

    public string Call(params string[] arguments) => lab.Exec(node, ["podman", .. arguments]);

    public ToolResult CallUnchecked(params string[] arguments) => lab.ExecUnchecked(node, ["podman", .. arguments]);

    /// <summary>What the node's agent has for a container.</summary>
    public EndpointView? Endpoint(string id) => EndpointView.Find(lab, node, id);
}
