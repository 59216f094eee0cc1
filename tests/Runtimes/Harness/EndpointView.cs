using System.Text.Json;
using EndToEnd.Harness;

namespace Runtimes.Harness;

/// <summary>What 'weft endpoint list' says of one endpoint.</summary>
internal sealed record EndpointView(string ContainerId, string? Pod, uint Identity, IReadOnlyList<string> Labels, IReadOnlyList<string> Addresses)
{
    private static readonly string[] s_families = ["ipv4", "ipv6"];

    public static EndpointView? Find(RealLab lab, string node, string containerId) =>
        List(lab, node).FirstOrDefault(endpoint => endpoint.ContainerId == containerId);

    /// <summary>Those that stand for containers or pods.</summary>
    public static IReadOnlyList<EndpointView> List(RealLab lab, string node) =>
        [.. lab.Json("--node", node, "endpoint", "list").EnumerateArray().Select(Read).OfType<EndpointView>()];

    private static EndpointView? Read(JsonElement endpoint)
    {
        JsonElement status = endpoint.GetProperty("status");
        JsonElement names = status.GetProperty("external-identifiers");
        if (!names.TryGetProperty("container-id", out JsonElement id))
        {
            return null;
        }

        JsonElement identity = status.GetProperty("identity");
        JsonElement addresses = status.GetProperty("networking").GetProperty("addressing")[0];
        return new EndpointView(
            id.GetString()!,
            names.TryGetProperty("pod-name", out JsonElement pod) ? pod.GetString() : null,
            identity.GetProperty("id").GetUInt32(),
            [.. identity.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)],
            [.. s_families.Select(family => addresses.TryGetProperty(family, out JsonElement address) ? address.GetString() : null).OfType<string>()]);
    }
}
