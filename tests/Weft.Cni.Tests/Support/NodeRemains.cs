using System.Text.Json;
using Weft.Agent.Tests.Harness;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests.Support;

/// <summary>All that a pod can leave on a node, so that two looks can be compared.</summary>
internal static class NodeRemains
{
    private static readonly string[] s_maps = ["weft_devices", "weft_endpoints", "weft_ipcache", "weft_ipcache_single"];

    public static async Task<string> ReadAsync(TestNode node)
    {
        List<string> remains =
        [
            .. node.Devices().Select(device => $"device {device}"),
            .. node.Pins("links").Select(pin => $"link {pin}"),
            .. Files(node.StateDirectory),
            .. Files(node.Socket + ".deletions"),
            .. s_maps.SelectMany(map => Keys(node, map)),
            .. (await node.Client.GetStatusAsync()).Ipam!.Allocations!.Select(pair => $"address {pair.Key}"),
            .. (await node.Client.GetEndpointsAsync()).Select(endpoint => $"endpoint {endpoint.Status!.ExternalIdentifiers!.CniAttachmentId}"),
        ];
        return string.Join('\n', remains.Order(StringComparer.Ordinal));
    }

    /// <summary>Waits until there is what there was, and nothing else.</summary>
    public static Task AreAsync(TestNode node, string before, string after) =>
        Eventually.BecomesAsync($"what is left of {after}", () => ReadAsync(node), remains => remains == before);

    private static IEnumerable<string> Files(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(file => $"file {file}")
        : [];

    private static IEnumerable<string> Keys(TestNode node, string map)
    {
        string dump = Tool.Run("bpftool", "-j", "map", "dump", "pinned", Path.Combine(node.BpfRoot, "maps", map));
        using JsonDocument entries = JsonDocument.Parse(dump);
        return [.. entries.RootElement.EnumerateArray().Select(entry => $"{map} {entry.GetProperty("key").GetRawText()}")];
    }
}
