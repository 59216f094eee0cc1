using System.Text.Json;
using Weft.Api.Endpoints;
using Weft.Cni.Protocol;

namespace Weft.Cni.Verbs;

/// <summary>GC: removes the endpoints of this network that the runtime knows no more.</summary>
internal static class GcVerb
{
    private const string Key = "cni.dev/valid-attachments";

    /// <remarks>Only what ADD made for a network of this name: other networks' pods, and the lab's, are none of this runtime's.</remarks>
    public static async Task RunAsync(AgentCalls agent, NetworkConfig config)
    {
        HashSet<string> valid = ReadValid(config);
        List<string> failures = [];
        foreach (EndpointResource endpoint in await agent.ListAsync())
        {
            EndpointIdentifiers? names = endpoint.Status?.ExternalIdentifiers;
            if (names?.CniNetwork != config.Name || names?.CniAttachmentId is not { } attachment || valid.Contains(attachment))
            {
                continue;
            }

            try
            {
                // By attachment: the number may be another endpoint's by now.
                await agent.DeleteAsync($"cni-attachment-id:{attachment}");
            }
            catch (CniException e) when (e.Code != CniErrorCode.TryAgainLater)
            {
                failures.Add($"{attachment}: {e.Message}");
            }
        }

        if (failures.Count > 0)
        {
            throw new CniException(
                CniErrorCode.Failed, $"remove {failures.Count} endpoints that are no longer valid", string.Join("; ", failures));
        }
    }

    /// <summary>Without the list nothing may be removed; null is how the reference runtime library writes an empty one.</summary>
    private static HashSet<string> ReadValid(NetworkConfig config) => config.ValidAttachments.ValueKind switch
    {
        JsonValueKind.Undefined => throw new CniException(CniErrorCode.InvalidConfig, $"invalid network configuration: GC needs '{Key}'"),
        JsonValueKind.Null => [],
        _ => [.. NetworkConfigReader.DecodePart(config.ValidAttachments, Key, CniJson.Default.ValidAttachmentList)
            .Select(attachment => $"{attachment?.ContainerId}:{attachment?.Interface}")],
    };
}
