using System.Globalization;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>A container of podman.</summary>
internal sealed class PodmanContainer(Podman podman, string name, string id) : Container
{
    public override string Id => id;

    public string Name => name;

    public override int Pid => int.Parse(podman.Call("inspect", "--format", "{{.State.Pid}}", name), CultureInfo.InvariantCulture);

    /// <summary>As the agent has them: podman does not tell those of networks that it did not make.</summary>
    public override IReadOnlyList<string> Addresses => podman.Endpoint(id)!.Addresses;

    public override ToolResult RunUnchecked(params string[] command) => podman.CallUnchecked(["exec", name, .. command]);

    public override void Dispose() => podman.Call("rm", "--force", "--time", "0", name);
}
