using System.Text.Json;
using Weft.Api.Cni;
using Weft.Cni.Agent;
using Weft.Cni.Protocol;

namespace Weft.Cni.Verbs;

/// <summary>GC: removes the endpoints of this network that the runtime knows no more.</summary>
internal static class GcVerb
{
    private const string Key = "cni.dev/valid-attachments";

    /// <remarks>Only what ADD made for a network of this name: other networks' pods, and the lab's, are none of this runtime's.</remarks>
    public static void Run(AgentCalls agent, NetworkConfig config)
    {
        CniCollection done = agent.Collect(new CniCollectionRequest { Network = config.Name!, ValidAttachments = ReadValid(config) });
        if (done.Failures.Count > 0)
        {
            throw new CniException(
                CniErrorCode.Failed, $"remove {done.Failures.Count} endpoints that are no longer valid", string.Join("; ", done.Failures));
        }
    }

    /// <summary>Without the list nothing may be removed; null is how the reference runtime library writes an empty one.</summary>
    private static string[] ReadValid(NetworkConfig config) => config.ValidAttachments.ValueKind switch
    {
        JsonValueKind.Undefined => throw new CniException(CniErrorCode.InvalidConfig, $"invalid network configuration: GC needs '{Key}'"),
        JsonValueKind.Null => [],
        _ => [.. NetworkConfigReader.DecodePart(config.ValidAttachments, Key, CniJson.Default.ValidAttachmentList)
            .Select(attachment => $"{attachment?.ContainerId}:{attachment?.Interface}")],
    };
}
